import { describe, expect, it } from 'vitest';
import { strengthOf } from '../../renderer/screens/start/passphrase.ts';
import { fileIn, fileNameOf, folderOf, pathIn } from '../../renderer/screens/start/sitePath.ts';

describe('the strength of a passphrase', () => {
  it('counts what the services refuse as short', () => {
    expect(strengthOf('')).toBe('empty');
    expect(strengthOf('1234567')).toBe('short');
    expect(strengthOf('kaffe kopp')).toBe('weak');
  });

  it('does not take length for strength', () => {
    expect(strengthOf('aaaaaaaaaaaaaaaaaaaaaaaa')).toBe('weak');
    expect(strengthOf('kaffekopp-tre')).toBe('fair');
    expect(strengthOf('kaffe kopp tre fly')).toBe('strong');
    expect(strengthOf('fire små ord nå')).toBe('fair');
    expect(strengthOf('elv fjell hav skog')).toBe('strong');
  });
});

describe('the file of a new site', () => {
  it('has a name that every system takes', () => {
    expect(fileNameOf('Nordbank Oslo: 1/2')).toBe('Nordbank Oslo 1 2.otjsite');
    expect(fileNameOf('  ..\u202e\u0000.. ')).toBe('Site.otjsite');
    expect(fileNameOf('con.')).toBe('con.otjsite');
    expect(fileNameOf('å'.repeat(10_000))).toBe(`${'å'.repeat(80)}.otjsite`);
  });

  it('lies in a folder of either kind of system', () => {
    expect(pathIn('/home/kari', 'a.otjsite')).toBe('/home/kari/a.otjsite');
    expect(pathIn('/', 'a.otjsite')).toBe('/a.otjsite');
    expect(pathIn('C:\\Users\\kari', 'a.otjsite')).toBe('C:\\Users\\kari\\a.otjsite');
    expect(fileIn('C:\\Users\\kari\\a.otjsite')).toBe('a.otjsite');
    expect(folderOf('/home/kari/a.otjsite')).toBe('/home/kari');
    expect(folderOf('/a.otjsite')).toBe('/');
    expect(folderOf('a.otjsite')).toBe('');
  });
});
