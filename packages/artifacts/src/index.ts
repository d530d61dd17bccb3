export { archiveForm, type ArchiveForm } from './archives/archive-form.ts';
export type { ArtifactRef, Artifacts, LocalArtifact, LocalPackage, PackageRef } from './artifact.ts';
export { createArtifacts, type ArtifactsOptions } from './create-artifacts.ts';
export { silentProgress, type Progress, type ProgressTask } from './progress.ts';
