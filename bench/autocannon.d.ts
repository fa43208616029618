/** The part of autocannon that the bench uses; the package has no types. */
declare module 'autocannon' {
  interface Load {
    readonly url: string;
    readonly connections: number;
    readonly duration: number;
    readonly method?: 'GET' | 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    /** A response with another body counts as a mismatch. */
    readonly expectBody?: string;
  }
  interface LoadResult {
    readonly requests: { readonly average: number; readonly total: number };
    readonly latency: { readonly p50: number; readonly p99: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly mismatches: number;
    readonly non2xx: number;
  }
  export default function autocannon(load: Load): Promise<LoadResult>;
}
