import { Command } from 'commander';
import type { CommandHost } from '../command-host.ts';
import { backendDoctorCommand } from './backend-doctor.ts';
import { backendInstallCommand } from './backend-install.ts';

export function backendCommand(host: CommandHost): Command {
  return new Command('backend')
    .description('the native library that models run on')
    .addCommand(backendInstallCommand(host))
    .addCommand(backendDoctorCommand(host));
}
