/** Who comes in over SSH: the ways to log in that a codec offers, words for those it knows, a passphrase that must change. */
import type { AuthContext, KeyboardAuthContext } from 'ssh2';
import { afterLatency } from './delivery.ts';
import type { Codec } from './model.ts';
import type { Account } from './users.ts';

type Method = 'keyboard-interactive' | 'password';

/** As in OpenSSH's sshd by default. */
const MAX_TRIES = 6;
/** [assumed], like all words of this module: no source tells them. */
const MUST_CHANGE = 'You must change your passphrase now';
const NEW = { prompt: 'New passphrase: ', echo: false };
const AGAIN = { prompt: 'Retype new passphrase: ', echo: false };

/** How each method asks for a new passphrase; `done` gets what the client answers. */
type AskNew = (done: (passphrase: string | undefined) => void) => void;

export class SshAuth {
  readonly #codec: Codec;
  readonly #methods: Method[];
  readonly #welcome: (account: Account) => void;
  readonly #giveUp: () => void;
  #tries = 0;

  constructor(codec: Codec, welcome: (account: Account) => void, giveUp: () => void) {
    const auth = codec.spec.ssh?.auth ?? 'both';
    this.#codec = codec;
    this.#methods = auth === 'both' ? ['keyboard-interactive', 'password'] : [auth];
    this.#welcome = welcome;
    this.#giveUp = giveUp;
  }

  take(context: AuthContext): void {
    const offered = this.#methods.some((method) => method === context.method);
    if (offered && context.method === 'password') {
      this.#judge(context, context.password, (done) => context.requestChange(MUST_CHANGE, done));
    } else if (offered && context.method === 'keyboard-interactive') {
      // With the question, as PAM does it; the method `password` has no place for words.
      const words = this.#codec.users.wordsFor(context.username);
      context.prompt([{ prompt: 'Password: ', echo: false }], '', words, (answers) => {
        // An aborted request comes as an error in place of answers.
        if (Array.isArray(answers)) this.#judge(context, answers[0] ?? '', askNewByKeyboard(context));
      });
    } else {
      context.reject(this.#methods);
    }
  }

  #judge(context: AuthContext, passphrase: string, askNew: AskNew): void {
    afterLatency(this.#codec, () => {
      if (this.#codec.faults.hung) return;
      const login = this.#codec.users.login(context.username, passphrase, 'SSH');
      if (login.kind === 'welcome') this.#accept(context, login.account);
      else if (login.kind === 'change') askNew((wanted) => this.#change(context, login.account, wanted));
      else this.#refuse(context);
    });
  }

  #change(context: AuthContext, account: Account, wanted: string | undefined): void {
    const { users } = this.#codec;
    if (wanted === undefined || users.objection(wanted, account) !== undefined) {
      this.#refuse(context);
      return;
    }
    users.setPassphrase(account, wanted);
    this.#accept(context, account);
  }

  #accept(context: AuthContext, account: Account): void {
    this.#welcome(account);
    context.accept();
  }

  #refuse(context: AuthContext): void {
    context.reject(this.#methods);
    if (++this.#tries >= MAX_TRIES) this.#giveUp();
  }
}

function askNewByKeyboard(context: KeyboardAuthContext): AskNew {
  return (done) => {
    context.prompt([NEW, AGAIN], '', MUST_CHANGE, (answers) => {
      if (!Array.isArray(answers)) return;
      const [first, second] = answers;
      done(first === second ? first : undefined);
    });
  };
}
