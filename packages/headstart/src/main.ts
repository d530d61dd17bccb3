#!/usr/bin/env node
import { start } from '@headstart/cli';

await start();
