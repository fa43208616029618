import { Account, AccountObservation, AccountVersion, Interaction } from './accounts';
import { IngestBatch, IngestReject, MarkSequence, PartitionRun, Snapshot, SnapshotFile, StaleRange } from './operations';
import { Post, PostObservation } from './posts';
import { AccountType, AdminLevel, Indicator, Platform, Region, Sector, Source, VerifiedType } from './reference';

export const ENTITIES = [
  Platform,
  Region,
  Sector,
  AdminLevel,
  AccountType,
  VerifiedType,
  Indicator,
  Source,
  Account,
  AccountObservation,
  AccountVersion,
  Interaction,
  Post,
  PostObservation,
  IngestBatch,
  IngestReject,
  StaleRange,
  MarkSequence,
  PartitionRun,
  Snapshot,
  SnapshotFile,
];
