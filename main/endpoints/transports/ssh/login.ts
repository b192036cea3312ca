/** The login part of an SSH connection: one method, one password, no question answered twice. Opens no socket. */
import { OtjError } from '../../../contract/errors.ts';
import { demandsPassphrase, loginRefused, NoLoginTried } from '../loginOutcome.ts';

type Prompt = { prompt: string; echo?: boolean | undefined };
/** Enough for any instruction; a device may talk without end. */
const MAX_SAID = 4096;

/**
 * `none` asks which methods there are; then exactly one method is tried, because every refused one counts towards the
 * device's lock-out. Cisco's own client answers keyboard-interactive (jsxapi), so that is preferred.
 */
export class SshLogin {
  private readonly username: string;
  private readonly password: string;
  private readonly where: string;
  private readonly clean: (words: string) => string;
  private readonly stop: (error: OtjError) => void;
  private began = false;
  private sent = false;
  private firstPrompt: string | null = null;
  private said = '';

  /**
   * @param where address and port, for people
   * @param clean takes the password out of words of the device, which may repeat what it was sent
   * @param stop ends the connection with this error
   */
  constructor(login: {
    username: string;
    password: string;
    where: string;
    clean: (words: string) => string;
    stop: (error: OtjError) => void;
  }) {
    this.username = login.username;
    this.password = login.password;
    this.where = login.where;
    this.clean = login.clean;
    this.stop = login.stop;
  }

  /** Whether a login was tried on the device. */
  get tried(): boolean {
    return this.began;
  }

  /** Whether the password went out. */
  get hasAnswered(): boolean {
    return this.sent;
  }

  /** Text of the device apart from questions. What it said before the try is its greeting to everybody. */
  hear(text: string): void {
    if (this.began) this.said = `${this.said} ${text}`.slice(0, MAX_SAID);
  }

  /** The error for a login that ended with nothing more to try. */
  refused(): OtjError {
    return loginRefused(this.clean(this.said), this.where);
  }

  /** Demanded after a password was right. */
  changeDemanded(): OtjError {
    return new OtjError('PASSPHRASE_CHANGE', this.where);
  }

  /** The library's authHandler: called with null, then with the methods that are left after each refusal. */
  next(methods: readonly string[] | null, partial: boolean): object | false {
    const { username, password } = this;
    if (methods === null) return { type: 'none', username };
    if (this.began) {
      const more = this.clean(methods.join(', '));
      if (partial) this.stop(new OtjError('ODD_REPLY', `${this.where} took the password and asks for more: ${more}`));
      return false;
    }
    const way = ['keyboard-interactive', 'password'].find((name) => methods.includes(name));
    if (!way) {
      const words = `${this.where} takes no password over SSH, only: ${this.clean(methods.join(', '))}`;
      this.stop(new NoLoginTried('UNSUPPORTED', words));
      return false;
    }
    this.began = true;
    if (way === 'password') {
      this.sent = true;
      return { type: 'password', username, password };
    }
    return { type: 'keyboard-interactive', username, prompt: this.answer };
  }

  private readonly answer = (
    name: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: (answers: string[]) => void,
  ): void => {
    const [prompt] = prompts;
    this.hear(`${name} ${instructions}`);
    if (!prompt) {
      finish([]);
      return;
    }
    const asked = prompts.map((one) => one.prompt).join(' ');
    if (this.firstPrompt === null) {
      this.firstPrompt = prompt.prompt;
      // Several questions at once, or one for a new passphrase: never answered with the old one.
      if (prompts.length > 1 || demandsPassphrase(asked)) this.stop(this.changeDemanded());
      else if (prompt.echo) this.stop(new OtjError('ODD_REPLY', `${this.where} asks for: ${this.clean(asked)}`));
      else {
        this.sent = true;
        finish([this.password]);
      }
      return;
    }
    // The same question once more means that the answer was wrong; any other, that it was right and is not enough.
    const again = prompts.length === 1 && prompt.prompt === this.firstPrompt && !demandsPassphrase(this.said);
    this.stop(again ? this.refused() : this.changeDemanded());
  };
}
