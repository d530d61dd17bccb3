import { ensureFolder } from '@headstart/artifacts/storage';
import { inject, injectable } from 'tsyringe';
import type { Artifacts, Progress } from '@headstart/artifacts';
import type { Sample } from '../domains/target-domain.ts';
import { settingOf } from '../domains/unlabelled.ts';
import { storageError } from '@headstart/artifacts/errors';
import type { FeatureStore } from '../data/feature-store.ts';
import type { Metric } from '../metrics/metric.ts';
import { HEAD } from '../network/head.ts';
import { saveModel } from '../models/model-directory.ts';
import { checkNetwork } from '../plugins/check-network.ts';
import { NotedArtifacts } from '../models/source-files.ts';
import { Teacher } from '../models/teacher.ts';
import { readValues, writeValues } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Backend } from '../ports/backend.ts';
import { ARTIFACTS, BACKEND, FEATURE_STORE, METRICS, PROGRESS, RUN_EVENTS, RUN_SIGNAL } from '../runs/tokens.ts';
import { withFactorNames } from '../network/adapters.ts';
import { readCheckpoint, under } from './checkpoint.ts';
import { calibrate, calibrationOf } from './calibrate.ts';
import { decide } from './decide.ts';
import { afterUpdates } from './divergence.ts';
import { EventBus, warningOnce } from './event-bus.ts';
import type { RunEvents } from '../runs/events.ts';
import { groupsOf } from '../data/group-batches.ts';
import { fitIntercepts } from './fit-intercepts.ts';
import { interrupted, takenOver } from './interruption.ts';
import { needsOf } from './loss-needs.ts';
import { modelCard } from './model-card.ts';
import { measureRegion } from './measure-region.ts';
import { runPhase } from './phase.ts';
import { openPlanned } from './open-planned.ts';
import { checkPhases } from './phase-checks.ts';
import type { TransferResult } from '../runs/request.ts';
import { leftToSource, lossOptions, runEncoder, teacherOf, type Run } from './run.ts';
import { newRunState } from './run-state.ts';
import { selectionReport } from './selection-report.ts';
import { evaluateSplits, type SplitMetrics } from './split-evaluation.ts';
import type { Transfer } from './transfer.ts';

/**
 * Carries a source's knowledge to a target: opens the backbone, puts the task's head on it, runs
 * the strategy's phases, evaluates and saves. Reads top-down; everything it calls is beside it.
 */
@injectable()
export class Trainer {
  constructor(
    @inject(BACKEND) private readonly backend: Backend,
    @inject(ARTIFACTS) private readonly artifacts: Artifacts,
    @inject(FEATURE_STORE) private readonly store: FeatureStore,
    @inject(PROGRESS) private readonly progress: Progress,
    @inject(METRICS) private readonly metrics: readonly Metric[],
    @inject(RUN_EVENTS) private readonly handlers: readonly Partial<RunEvents>[],
    @inject(RUN_SIGNAL) private readonly signal: AbortSignal,
  ) {}

  /**
   * Runs a transfer, from its checkpoint where the folder has one, and saves its model.
   * The checkpoint stays until the caller removes it.
   * @throws HeadstartError any code
   */
  run<S extends Sample>(transfer: Transfer<S>): Promise<TransferResult> {
    return this.train(transfer, async (trained) => {
      const calibrated = await calibrate(trained);
      const { run, decision } = await decide(trained);
      const evaluated = await evaluateSplits(run);
      const calibration = calibrated && calibrationOf(calibrated, evaluated);
      const result = this.#result(run, evaluated, { calibration, decision });
      const known = await measureRegion(run);
      const leftOut = leftToSource(run);
      const card = { ...modelCard(run, result), ...(known && { known: known.bounds }) };
      const last = run.phases.at(-1)!;
      await afterUpdates(last, last.optimiser.learningRate, () =>
        saveModel(transfer.directory, run.model, card, run.state.history, { leftOut, known: known?.region.stored }),
      );
      await run.events.emit('runEnd', { metrics: result.metrics, model: transfer.directory });
      return result;
    });
  }

  /**
   * Trains a transfer, from its checkpoint where the folder has one.
   * @param use what becomes of the trained model, which is disposed of after it
   * @throws HeadstartError any code
   */
  async train<S extends Sample, T>(transfer: Transfer<S>, use: (run: Run<S>) => Promise<T>): Promise<T> {
    const run = await this.open(transfer);
    try {
      for (; run.state.phase < run.phases.length; ) await runPhase(run);
      await fitIntercepts(run);
      return await use(run);
    } catch (error) {
      if (this.signal.aborted && error === this.signal.reason)
        throw takenOver(this.signal) ?? interrupted(transfer, 'while features were computed', error);
      throw error;
    } finally {
      run.model.dispose();
      run.teacher?.dispose();
    }
  }

  /**
   * Opens everything the run needs and puts it where its checkpoint left off, checked as far as it can be before the
   * first step. The caller disposes of its model and its teacher.
   * @throws HeadstartError any code
   */
  async open<S extends Sample>(transfer: Transfer<S>): Promise<Run<S>> {
    const started = performance.now();
    const { directory, source, task, target, seed } = transfer;
    const saved = await readCheckpoint(directory);
    const random = new RandomStream(seed);
    const noted = new NotedArtifacts(this.artifacts);
    const runtime = { artifacts: noted.artifacts, progress: this.progress };
    const { model, phases, sourceDigest } = await openPlanned(transfer, runtime, random);
    const checkpoint = saved && model.adapters ? { ...saved, tensors: withFactorNames(saved.tensors) } : saved;
    let teacher: Teacher | undefined;
    try {
      const needs = needsOf(phases);
      if (needs.teacher) teacher = await Teacher.open(source, runtime);
      if (needs.groups) groupsOf(target.splits.train);
      const events = new EventBus(this.handlers);
      const state = checkpoint?.state ?? newRunState();
      const { features, training, evaluation } = state.seconds;
      const run: Run<S> = {
        transfer,
        backend: this.backend,
        store: this.store,
        progress: this.progress,
        signal: this.signal,
        events,
        metrics: this.metrics,
        warnOnce: warningOnce(events),
        random,
        model,
        encoder: runEncoder(transfer, model.backbone),
        phases,
        sourceDigest,
        sourceFiles: noted.filesOf(source),
        initial: needs.sourceWeights ? await readValues(model.variables((stage) => stage !== HEAD)) : new Map(),
        teacher,
        state,
        begun: started - 1000 * (features + training + evaluation),
        checkpoint,
      };
      if (checkpoint) {
        const values = under(checkpoint.tensors, 'model/');
        await writeValues(
          [...model.state()].filter(([name]) => values.has(name)),
          values,
          'The checkpoint',
        );
      }
      checkNetwork(model, run.encoder, transfer);
      await this.#announce(run);
      await checkPhases(
        run.encoder,
        phases.map((phase, index) => ({
          backend: this.backend,
          model,
          task,
          phase,
          labels: target.labels,
          sourceFree: transfer.strategy.sourceFree,
          initial: run.initial,
          random,
          steps: 1,
          learningRate: phase.optimiser.learningRate,
          loss: lossOptions(transfer, phase),
          teacher: teacherOf(run, index),
        })),
      );
      return run;
    } catch (error) {
      model.dispose();
      teacher?.dispose();
      throw error;
    }
  }

  async #announce<S extends Sample>({ transfer, events, checkpoint, sourceFiles }: Run<S>): Promise<void> {
    const { directory, target, runId } = transfer;
    try {
      await ensureFolder(directory);
    } catch (error) {
      throw storageError('create the run folder', directory, error);
    }
    const { train, validation, test } = target.splits;
    await events.emit('runStart', {
      runId,
      directory,
      samples: { train: train.length, validation: validation.length, test: test.length },
      labels: target.labels,
      resumed: checkpoint !== undefined,
      sourceFiles,
    });
  }

  #result<S extends Sample>(
    { transfer, state, begun }: Run<S>,
    { metrics, intervals }: SplitMetrics,
    { calibration, decision }: Pick<TransferResult, 'calibration' | 'decision'>,
  ): TransferResult {
    const { task, source, target, strategy, seed, runId, directory } = transfer;
    const { train, validation, test } = target.splits;
    const setting = settingOf(target);
    const selection = selectionReport({ transfer, state });
    return {
      runId,
      task: task.id,
      source: source.id,
      target: target.id,
      strategy: strategy.id,
      seed,
      backend: this.backend.name,
      device: this.backend.device,
      metrics,
      intervals,
      seconds: { total: (performance.now() - begun) / 1000, ...state.seconds },
      samples: {
        train: train.length,
        validation: validation.length,
        test: test.length,
        ...(target.unlabelled && { unlabelled: target.unlabelled.length }),
      },
      ...(setting && { setting }),
      chosen: state.chosen,
      ...(selection && { selection }),
      skipped: target.skipped,
      ...(calibration && { calibration }),
      ...(decision && { decision }),
      model: directory,
    };
  }
}
