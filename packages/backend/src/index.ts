export { openBackend } from './open-backend.ts';
export { BACKEND_NAMES, type BackendName, type BackendOptions } from './choice/options.ts';
export { doctor, type DoctorReport, type EngineReport } from './doctor/doctor.ts';
export { installBackend, type InstalledLibrary, type InstallOptions } from './provision/install.ts';
