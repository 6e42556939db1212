import wrapAnsi from 'wrap-ansi';
import { printable } from './printable.ts';

/** What a terminal is taken to be wide enough for. */
export const COLUMNS = 100;

/** Wraps text, which may be hostile, behind a label; following lines are indented by the label's width. */
export function wrappedText(label: string, text: string): string {
  const indent = ' '.repeat(label.length);
  const lines = wrapAnsi(printable(text), COLUMNS - label.length, { hard: true }).split('\n');
  return lines.map((line, index) => `${index === 0 ? label : indent}${line}`).join('\n');
}
