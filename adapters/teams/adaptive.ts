/** The part of Adaptive Cards 1.5 that Bellhop uses (https://adaptivecards.io/explorer). */
export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: string;
  readonly version: string;
  readonly fallbackText: string;
  readonly msteams: { readonly width: 'full' };
  readonly body: readonly Element[];
  readonly actions?: readonly CardAction[];
}

interface ElementBase {
  readonly id?: string;
  readonly isVisible?: boolean;
  readonly separator?: boolean;
  readonly spacing?: 'none' | 'small' | 'medium' | 'large';
}

export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'bolder';
  readonly italic?: true;
  readonly strikethrough?: true;
  readonly fontType?: 'monospace';
  readonly size?: 'small' | 'medium' | 'large';
  readonly color?: 'attention' | 'accent' | 'good';
  readonly isSubtle?: true;
  readonly selectAction?: CardAction;
}

interface InputBase extends ElementBase {
  readonly id: string;
  readonly label: string;
  readonly isRequired?: boolean;
  readonly errorMessage?: string;
}

export type Element =
  | (ElementBase & {
      readonly type: 'TextBlock';
      readonly text: string;
      readonly wrap: true;
      readonly style?: 'heading';
      readonly size?: 'medium' | 'large';
      readonly weight?: 'bolder';
    })
  | (ElementBase & {
      readonly type: 'RichTextBlock';
      readonly inlines: readonly TextRun[];
      readonly horizontalAlignment?: 'right' | 'center';
    })
  | (ElementBase & {
      readonly type: 'Container';
      readonly items: readonly Element[];
      readonly style?: 'emphasis' | 'attention' | 'warning';
      /** Teams' own addition to version 1.5; other clients show corners. */
      readonly roundedCorners?: true;
    })
  | (ElementBase & {
      readonly type: 'Image';
      readonly url: string;
      readonly altText: string;
      readonly size: 'medium' | 'stretch';
      readonly style?: 'person';
      /** Teams' own: opens the picture large when it is pressed. */
      readonly msteams?: { readonly allowExpand: true };
    })
  | (ElementBase & { readonly type: 'ColumnSet'; readonly columns: readonly Column[] })
  | (ElementBase & { readonly type: 'FactSet'; readonly facts: readonly { readonly title: string; readonly value: string }[] })
  | (ElementBase & { readonly type: 'ActionSet'; readonly actions: readonly CardAction[] })
  | (InputBase & {
      readonly type: 'Input.Text';
      readonly isMultiline?: boolean;
      readonly maxLength?: number;
      readonly placeholder?: string;
      readonly value?: string;
    })
  | (InputBase & { readonly type: 'Input.Date' | 'Input.Time'; readonly value?: string })
  | (InputBase & { readonly type: 'Input.Toggle'; readonly title: string; readonly value?: 'true' | 'false'; readonly wrap: true })
  | (InputBase & {
      readonly type: 'Input.ChoiceSet';
      readonly choices: readonly { readonly title: string; readonly value: string }[];
      readonly style?: 'compact' | 'expanded' | 'filtered';
      readonly isMultiSelect?: boolean;
      readonly value?: string;
      readonly wrap: true;
    });

export interface Column {
  readonly type: 'Column';
  readonly width: 'auto' | 'stretch' | number | `${number}px`;
  readonly items: readonly Element[];
  readonly spacing?: 'none' | 'small';
  readonly verticalContentAlignment?: 'top' | 'center';
}

interface ActionBase {
  readonly title?: string;
  readonly tooltip?: string;
  readonly style?: 'positive' | 'destructive';
  readonly mode?: 'secondary';
}

export type CardAction =
  | (ActionBase & {
      readonly type: 'Action.Execute';
      readonly verb: string;
      readonly data: { readonly bellhop: object };
      readonly associatedInputs?: 'none';
    })
  /** What buttons in dialogs are: those take no Action.Execute. */
  | (ActionBase & { readonly type: 'Action.Submit'; readonly data: object; readonly associatedInputs?: 'none' })
  | (ActionBase & { readonly type: 'Action.OpenUrl'; readonly url: string })
  | (ActionBase & {
      readonly type: 'Action.ToggleVisibility';
      readonly targetElements: readonly { readonly elementId: string; readonly isVisible: boolean }[];
    });

/** Bytes of a card as it goes over the wire. */
export function bytesOf(card: AdaptiveCard): number {
  return Buffer.byteLength(JSON.stringify(card));
}

/** The frame of every card. */
export function frame(fallbackText: string, body: readonly Element[], actions: readonly CardAction[]): AdaptiveCard {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText,
    msteams: { width: 'full' },
    body: body.length > 0 ? body : [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: fallbackText || '…' }] }],
    ...(actions.length > 0 && { actions }),
  };
}
