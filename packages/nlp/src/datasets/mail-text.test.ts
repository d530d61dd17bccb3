import { describe, expect, it } from 'vitest';
import { mailText } from './mail-text.ts';

/** A message from its lines, a character a byte. */
const text = (...lines: string[]) => mailText(Buffer.from(lines.join('\n'), 'latin1'));

describe('the text of an e-mail', () => {
  it('is its subject, unfolded and decoded, and its plain text', () => {
    expect(
      text(
        'From x  Thu',
        'Subject: =?iso-8859-1?Q?Gr=FC=DFe_an?=',
        '\t=?utf-8?B?w6Rs?= all',
        'X-Spam: yes',
        '',
        'Hello,',
        '  there',
      ),
    ).toBe('Grüße anäl all\nHello, there');
    expect(text('Subject: only this')).toBe('only this');
    expect(text('', 'only text')).toBe('only text');
  });

  it('is brought back from how it was transferred, in its character set', () => {
    const coded = (encoding: string, charset: string, body: string) =>
      text(`Content-Type: text/plain; charset="${charset}"`, `Content-Transfer-Encoding: ${encoding}`, '', body);
    expect(coded('quoted-printable', 'utf-8', 'caf=C3=A9 au=\nlait')).toBe('café aulait');
    expect(coded('base64', 'iso-8859-1', Buffer.from('caf\xe9', 'latin1').toString('base64'))).toBe('café');
    expect(coded('8bit', 'no-such-charset', 'caf\xe9')).toBe('café');
  });

  it('is that of the plain part before that of the HTML', () => {
    const parts = (...inner: string[]) =>
      text(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        'preamble',
        ...inner.flatMap((part) => ['--b', part]),
        '--b--',
        'epilogue',
      );
    const html = 'Content-Type: text/html\n\n<p>as <b>HTML</b></p>';
    const picture = 'Content-Type: image/gif\nContent-Transfer-Encoding: base64\n\nR0lGODlh';
    expect(parts(html, 'Content-Type: text/plain\n\nas text', picture)).toBe('as text');
    expect(parts(picture, html)).toBe('as HTML');
    const inner = `Content-Type: multipart/alternative;\n boundary="in ner"\n\n--in ner\n${html}\n--in ner--`;
    expect(parts(inner)).toBe('as HTML');
    expect(parts(`Content-Type: message/rfc822\n\nSubject: not this\n\nforwarded`)).toBe('forwarded');
    expect(parts(picture)).toBe('');
  });

  it('has no tags, scripts and references of HTML', () => {
    const html = (source: string) => text('Content-Type: text/html', '', source);
    expect(
      html('<style>p{}</style><script>x<y</script>a<br>b<!-- c --> &lt;d&gt; &#8364;&#x20AC; &nbsp; &unknown; &amp'),
    ).toBe('a b <d> €€ &unknown; &');
    expect(html('3 < 4 <a href="x')).toBe('3 < 4');
    expect(html('&#9999999;')).toBe('&#9999999;');
  });

  it('comes to an end in messages within messages and boundaries without an end', () => {
    const message = 'Content-Type: message/rfc822\n\n';
    expect(text(`${message.repeat(5)}\ndeep`)).toBe('deep');
    expect(text(`${message.repeat(50_000)}\ndeep`)).toBe('');
    const open = 'Content-Type: multipart/mixed; boundary=b\n\n--b\n';
    expect(text(`${open}Content-Type: text/plain\n\nno end`)).toBe('no end');
  });
});
