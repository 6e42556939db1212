import { visibleText } from '../domain/text/visible-text.ts';

/** Text that somebody outside wrote, such as a name, a tag or a message of AWS: isolated, so that it cannot reorder its surroundings. */
export function ForeignText({ text }: { readonly text: string }) {
  return <bdi class="foreign">{visibleText(text)}</bdi>;
}
