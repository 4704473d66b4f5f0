import { Button, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import styles from './verify.module.css';

/** Takes one file by dropping or choosing it, or text by pasting it. */
export function BundleDrop({
  onFile,
  onText,
}: {
  readonly onFile: (file: File) => void;
  readonly onText: (text: string) => void;
}) {
  const [isOver, setOver] = useState(false);
  const [text, setText] = useState('');

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  }

  return (
    <>
      <label
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileUpload size={28} stroke={1.5} aria-hidden />
        <strong>Drop an evidence bundle here, or choose a file</strong>
        <span className="dimmed">The JSON file that “Download bundle” writes on the page of a change</span>
        <input
          type="file"
          className="visually-hidden"
          accept=".json,application/json"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            // The same file may be chosen again after it was changed.
            event.currentTarget.value = '';
            if (file) onFile(file);
          }}
        />
      </label>
      <details className={styles.paste}>
        <summary>Paste its text instead</summary>
        <Textarea
          aria-label="Text of the bundle"
          rows={6}
          classNames={{ input: 'mono' }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
        />
        <Button size="xs" mt="xs" disabled={text.trim() === ''} onClick={() => onText(text)}>
          Verify the text
        </Button>
      </details>
    </>
  );
}
