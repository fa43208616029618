import { ApiKey, AuditLog } from './access';
import { Account, AccountDecision, AccountObservation, AccountVersion, Follow, Interaction } from './accounts';
import { AuditOverride, AuditResult } from './audits';
import { Backfill, BackfillEvent, BackfillPartition, BackfillPlan, Night } from './backfills';
import { IngestBatch, IngestReject, MarkSequence, PartitionRun, Snapshot, SnapshotFile, StaleRange, StoreProperty } from './operations';
import { CrawlSpan, Post, PostObservation, PostStatus } from './posts';
import { AccountType, AdminLevel, Indicator, Platform, Region, Sector, Source, VerifiedType } from './reference';
import { CondemnedFile, SnapshotImport, SnapshotPin, SnapshotTombstone } from './retention';
import { SavedQuery } from './saved';
import { SourceBucket } from './sources';
import { AccountRule, ContentCategory, ContentRule, LexiconTerm } from './rules';

export const ENTITIES = [
  Platform,
  Region,
  Sector,
  AdminLevel,
  AccountType,
  VerifiedType,
  Indicator,
  Source,
  AccountRule,
  LexiconTerm,
  ContentRule,
  ContentCategory,
  Account,
  AccountObservation,
  AccountVersion,
  AccountDecision,
  Interaction,
  Follow,
  Post,
  PostObservation,
  PostStatus,
  CrawlSpan,
  IngestBatch,
  IngestReject,
  StaleRange,
  MarkSequence,
  PartitionRun,
  Snapshot,
  SnapshotFile,
  BackfillPlan,
  Backfill,
  BackfillPartition,
  BackfillEvent,
  Night,
  SavedQuery,
  AuditResult,
  AuditOverride,
  SnapshotPin,
  SnapshotTombstone,
  SnapshotImport,
  CondemnedFile,
  SourceBucket,
  StoreProperty,
  ApiKey,
  AuditLog,
];
