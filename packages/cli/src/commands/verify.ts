import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '@headstart/core/options';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { interruptible } from '../interrupts.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { valueOf } from '../options/values.ts';
import { formatCount } from '../terminal/format.ts';

type VerifyFlags = BackendChoice & { rerun: number; json?: boolean };

export function verifyCommand(host: CommandHost): Command {
  const command = new Command('verify')
    .description("prove a benchmark's folder: every byte, every number from predictions, a cell run again")
    .argument('<dir>', 'the folder that headstart bench wrote')
    .addOption(
      new Option('--rerun <n>', 'cells to run again, drawn at random; 0 needs neither data nor backend')
        .default(1)
        .argParser(valueOf(wholeNumber(0))),
    );
  addJsonOption(addBackendOptions(command));
  return command.action(async (dir: string, flags: VerifyFlags) => {
    const { console } = host;
    const { verifyBench } = await host.composition.bench();
    const { rerun } = flags;
    const verification =
      rerun === 0
        ? await withRegistries(host, (headstart) => verifyBench(headstart, resolve(dir), { rerun }))
        : await withHeadstart(host, flags, (headstart) =>
            interruptible(
              console,
              (signal) => verifyBench(headstart, resolve(dir), { rerun, signal }),
              'Stopping after this step. Ctrl-C again quits at once.',
            ),
          );
    if (verification.findings.length > 0) host.fail();
    if (flags.json) return console.json(verification);
    const { records, numbers, bare, files, rerun: again, apart, findings } = verification;
    for (const { file, what } of findings) console.print(`${console.outColours.red('wrong')} ${file}: ${what}`);
    const alone = bare === 0 ? '' : `, ${formatCount(bare)} records without predictions stand by their digest alone`;
    console.print(
      `${formatCount(records)} records read, ${formatCount(numbers)} numbers derived again${alone}, ${files.join(', ')} made anew, ${formatCount(again.length)} cells run again`,
    );
    if (apart.length > 0)
      console.print(
        `${formatCount(apart.length)} of these were trained together with cells that cannot be run again with them; run alone, they are compared within 0.00001`,
      );
    console.print(findings.length === 0 ? 'All is as it was written.' : `${formatCount(findings.length)} findings`);
  });
}
