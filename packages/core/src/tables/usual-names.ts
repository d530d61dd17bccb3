/**
 * What a column is for, as its name tells: `picture` a picture's file name, `text` and `pair` the texts, `label` the
 * class, `split` where a row belongs, `score` how alike two texts are.
 */
export type ColumnRole = 'picture' | 'text' | 'pair' | 'label' | 'split' | 'score';

const words = (list: string) => list.split(' ');

/** Names that columns commonly have, by what they hold, written as `plainName` gives them. */
export const USUAL_NAMES: Readonly<Record<ColumnRole, readonly string[]>> = {
  picture: words(
    'path paths file files filename filenames filepath filepaths fname image images imagefile imagefilename imagename imagepath imageid imageurl img imgname imgpath imgid imgfile picture photo photofile',
  ),
  text: words(
    'text texts sentence review reviewtext content body comment commenttext message document tweet utterance phrase headline sentence1 text1 texta premise question1 anchor',
  ),
  pair: words('pair sentence2 text2 textb hypothesis question2 positive'),
  label: words(
    'label labels class classes category categories target sentiment intent emotion topic polarity tag tags genre classname classid labelname labelid categoryname categoryid breed species rating stars',
  ),
  split: words('split subset set dataset fold usage partition'),
  score: words('score similarity similarityscore relatedness relatednessscore'),
};

/** The sides of a box, by the names that they have in tables. */
const BOX_NAMES = {
  left: words('xmin x1 left x0 bboxx bboxxmin minx bboxleft'),
  top: words('ymin y1 top y0 bboxy bboxymin miny bboxtop'),
  right: words('xmax x2 right bboxxmax maxx bboxright'),
  bottom: words('ymax y2 bottom bboxymax maxy bboxbottom'),
  x: words('x xcenter xcentre centerx cx xc'),
  y: words('y ycenter ycentre centery cy yc'),
  width: words('w width bboxwidth bboxw boxwidth'),
  height: words('h height bboxheight bboxh boxheight'),
  whole: words('bbox bboxes box boxes boundingbox boundingboxes regionshapeattributes regions shapes'),
} as const;

/** What a column of a table of boxes holds: a side, a middle (`x`, `y`), an extent, or all four numbers. */
export type BoxPart = keyof typeof BOX_NAMES;

const PARTS = Object.keys(BOX_NAMES) as BoxPart[];
const ROLES = Object.keys(USUAL_NAMES) as ColumnRole[];
const OTHERS = new Set(words('id index uid idx'));

/** A column's name without case and what stands between words: "Review Text", review_text and ReviewText are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

/** What a column of that name commonly is for. */
export function usualRole(name: string): ColumnRole | undefined {
  const plain = plainName(name);
  return ROLES.find((role) => USUAL_NAMES[role].includes(plain));
}

/** Which part of a box a column's name stands for; undefined where it is none. */
export function boxPart(name: string): BoxPart | undefined {
  const plain = plainName(name);
  return PARTS.find((part) => (BOX_NAMES[part] as readonly string[]).includes(plain));
}

/** Whether a cell is a name that columns commonly have. Sides of a box count only where a row has several: "left" is a class too. */
export function isUsualName(cell: string): boolean {
  return usualRole(cell) !== undefined || OTHERS.has(plainName(cell));
}
