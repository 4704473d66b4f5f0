import type { Diagnosis } from '../app/diagnose.ts';
import type { Archive, RepositoryReader } from '../app/ports.ts';
import type { WorkBoard } from '../app/serving-ports.ts';
import type { ArchiveEvidence } from '../app/verify-archive.ts';
import type { Config } from '../config.ts';
import type { Scorecard } from '../core/risk/scorecard.ts';
import type { Terminal } from './terminal.ts';

export interface OpenArchive extends Archive {
  /** Stops the embedded database, if there is one, and lets go of the data folder. */
  close(): Promise<void>;
}

export interface OpenEvidence extends ArchiveEvidence {
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
}

/** A running server with its jobs, beside the archive that it serves. */
export interface OpenServer {
  readonly archive: Archive;
  readonly work: Pick<WorkBoard, 'addRepository' | 'jobs'>;
  /** Where people on this machine reach it, or the address of the proxy in front. */
  readonly address: string;
  /** The one-time link of the first owner; undefined once there is one. */
  readonly welcomeLink: string | undefined;
  /** Takes nothing new, finishes what runs, stops the jobs and closes the archive. */
  close(): Promise<void>;
}

/** What the commands ask of the world; main.ts joins it from the adapters. */
export interface World {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly model: Scorecard;
  readonly version: string;
  /** What a shell runs as `reentry` from where the user stands. */
  readonly command: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds of a steady clock. */
  steadyMs(): number;
  openRepository(path: string): Promise<RepositoryReader>;
  /** Takes the data folder for this process alone; creates it where it does not exist. */
  openArchive(dataFolder: string): Promise<OpenArchive>;
  /** As `openArchive`, but DATA_FOLDER_MISSING where there is none yet. */
  openExistingArchive(dataFolder: string): Promise<OpenArchive>;
  /** A data folder, or the folder of one log; no start-up guard stands in the way of looking at damaged data. */
  openEvidence(path: string): Promise<OpenEvidence>;
  /** Serves the data folder, which is created where there is none. Errors: those of `openArchive`, PORT_IN_USE. */
  openServer(options: ServerOptions): Promise<OpenServer>;
  diagnose(dataFolder: string): AsyncIterable<Diagnosis>;
}
