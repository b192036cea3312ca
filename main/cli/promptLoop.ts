/** A prompt that takes one line after the other, from a person at a terminal or from a pipe. */
import { createInterface } from 'node:readline/promises';

const MOST_HISTORY = 500;

export interface PromptOptions {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** A person types: editing, history, questions. Else lines are read and nothing but their results is written. */
  terminal: boolean;
  prompt: string;
  /** Aborted to end the loop after the line under way. */
  signal: AbortSignal;
  /** Whether a line must not stay in the history, which lives as long as the prompt. */
  isSecret(line: string): boolean;
  /** Does what a line says. @returns whether the next one is asked for; must not throw */
  run(line: string, confirm: (question: string) => Promise<boolean>): Promise<boolean>;
  /** Ctrl-C while a line is under way; `again` for the second one and later. */
  interrupted(again: boolean): void;
}

/** Resolves when the input ends (Ctrl-D) or `run` says so. */
export async function promptLoop(options: PromptOptions): Promise<void> {
  const { input, output, terminal, prompt, signal, isSecret, run, interrupted } = options;
  const lines = createInterface({
    input,
    ...(terminal ? { output } : {}),
    terminal,
    prompt,
    historySize: terminal ? MOST_HISTORY : 0,
    removeHistoryDuplicates: true,
  });
  let question: AbortController | null = null;
  /** How often Ctrl-C was pressed on the line under way; null = none is under way. */
  let pressed: number | null = null;
  let closed = false;
  const stop = () => lines.close();
  lines.once('close', () => {
    closed = true;
  });
  signal.addEventListener('abort', stop);

  lines.on('history', (history: string[]) => {
    // An answer to a question is no line, and a passphrase is nobody's.
    if (history[0] !== undefined && (question || isSecret(history[0]))) history.shift();
  });
  // At once: keys that come with the end of the line are about this line.
  lines.on('line', () => {
    pressed = 0;
  });
  lines.on('SIGINT', () => {
    if (question) question.abort();
    else if (pressed !== null) interrupted(pressed++ > 0);
    else {
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      output.write('^C\n');
      lines.prompt();
    }
  });

  async function confirm(text: string): Promise<boolean> {
    const asked = new AbortController();
    question = asked;
    const ended = () => asked.abort();
    if (closed) return false;
    lines.once('close', ended);
    try {
      return /^y(es)?$/i.test((await lines.question(text, { signal: asked.signal })).trim());
    } catch {
      // Ctrl-C and the end of the input are a no.
      output.write('\n');
      return false;
    } finally {
      lines.off('close', ended);
      question = null;
    }
  }

  if (terminal) lines.prompt();
  try {
    for await (const line of lines) {
      pressed ??= 0;
      const goesOn = await run(line, confirm);
      pressed = null;
      if (!goesOn || signal.aborted) break;
      // The input may have ended while the line was under way.
      if (terminal && !closed) lines.prompt();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
  }
}
