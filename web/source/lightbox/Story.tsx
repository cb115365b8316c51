import { Copy, GitFork, Images, Lock, ScrollText, Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link, useNavigate } from 'react-router';
import type { Story_image$key } from '~/__generated__/Story_image.graphql';
import { wholeOf } from '~/ai/disclosure';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { HappenedFold } from '~/happened/HappenedFold';
import type { Dictionary } from '~/i18n/en';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { Compare } from '~/remix/Compare';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { isStyleCode, keepWish, PLAIN } from '~/studio/wish';
import { Proof } from './Proof';
import styles from './Story.module.css';

/** What a picture shows, in words, and how it was made, as far as the viewer may know. */
export function Story({
  image: key,
  shownTo = 'NOBODY',
  learntIn = '',
}: {
  image: Story_image$key;
  /** Who else sees how it was made. */
  shownTo?: keyof Dictionary['remix']['promptsOf'];
  /** The post whose picture this is, where the viewer may learn from it; empty where they may not. */
  learntIn?: string;
}) {
  const text = useText();
  const format = useFormat();
  const person = useViewer()?.id ?? '';
  const navigate = useNavigate();
  const image = useFragment(
    graphql`
      fragment Story_image on Image {
        id
        altText
        generated
        aiDisclosure {
          kind
          basis
        }
        width
        height
        blurhash
        now: url(size: MEDIUM)
        remixed
        remixedFrom {
          __typename
          ... on RemixSource {
            post {
              id
              author {
                displayName
              }
            }
            image {
              altText
              width
              height
              blurhash
              url(size: MEDIUM)
            }
          }
          ... on UnavailableRemixSource {
            reason
          }
        }
        madeWith {
          engine
          model
        }
        recipe {
          prompt
          negativePrompt
          seed
          engine
          model
          style
          background
          quality
          width
          height
          references {
            id
            altText
            url(size: SMALL)
          }
          referenceCount
        }
        generation {
          id
          prompt
          seed
          style
          background
          width
          height
          createdAt
          engine {
            name
          }
          model {
            name
          }
          outputs {
            index
          }
          inputs {
            role
            image {
              altText
              width
              height
              blurhash
              url(size: MEDIUM)
            }
          }
        }
        ...Proof_image
      }
    `,
    key,
  );
  const {
    id,
    altText,
    generated,
    aiDisclosure,
    width,
    height,
    generation,
    madeWith,
    recipe,
    remixed,
    remixedFrom,
    now,
  } = image;
  const words = text.lightbox;
  const before = remixedFrom ? null : generation?.inputs.find(({ role }) => role === 'IMAGE')?.image;
  const size = width && height ? text.studio.size(width, height) : null;
  const again = () => {
    if (!generation) return;
    keepWish(person, {
      ...PLAIN,
      prompt: generation.prompt,
      engine: generation.engine.name,
      model: generation.model.name,
      width: generation.width,
      height: generation.height,
      count: generation.outputs.length,
      seed: generation.seed ?? '',
      style: generation.style ?? '',
      transparent: generation.background === 'transparent',
    });
    lightbox.set(null);
    void navigate(places.studio);
  };
  const learn = () => {
    if (!recipe) return;
    keepWish(person, {
      ...PLAIN,
      prompt: recipe.prompt,
      negative: recipe.negativePrompt ?? '',
      engine: recipe.engine,
      model: recipe.model,
      width: recipe.width,
      height: recipe.height,
      seed: recipe.seed,
      style: recipe.style ?? '',
      transparent: recipe.background === 'transparent',
      quality: recipe.quality ?? '',
      ...(learntIn && { learnPost: learntIn, learnImage: id }),
    });
    lightbox.set(null);
    void navigate(places.studio);
  };
  return (
    <div className={styles.story}>
      <section>
        <h3>{words.description}</h3>
        <p className={altText ? undefined : styles.none} dir="auto">
          {altText || words.noDescription}
        </p>
      </section>
      {(aiDisclosure || size) && (
        <section>
          <h3>{words.story}</h3>
          {aiDisclosure && (
            <p className={styles.mark}>
              <Sparkles aria-hidden="true" />
              {wholeOf(aiDisclosure, text)}
            </p>
          )}
          {remixedFrom?.__typename === 'RemixSource' && (
            <>
              <p>{text.remix.of(remixedFrom.post.author.displayName)}</p>
              <Compare before={remixedFrom.image} after={{ altText, width, height, url: now }} />
            </>
          )}
          {before && (
            <>
              <p>{text.proof.compare}</p>
              <Compare before={before} after={{ altText, width, height, url: now }} />
            </>
          )}
          {remixedFrom?.__typename === 'UnavailableRemixSource' && (
            <p className={styles.none}>{text.remix.hole[remixedFrom.reason as keyof typeof text.remix.hole]}</p>
          )}
          {recipe?.prompt && (
            <blockquote className={styles.prompt} dir="auto">
              {recipe.prompt}
            </blockquote>
          )}
          <dl className={styles.facts}>
            {madeWith && <Fact name={words.engine} value={madeWith.model} />}
            {recipe && (
              <>
                {recipe.style && (
                  <Fact
                    name={words.style}
                    value={
                      isStyleCode(recipe.style) ? text.manner.kept : (text.studio.styles[recipe.style] ?? recipe.style)
                    }
                  />
                )}
                {recipe.seed && (
                  <Fact name={words.seed} value={recipe.seed}>
                    <IconButton
                      className={styles.copy}
                      label={words.copySeed}
                      icon={<Copy />}
                      onClick={() => {
                        void navigator.clipboard
                          ?.writeText(recipe.seed)
                          .then(() => toast(words.seedCopied))
                          .catch(() => toast(text.failure.codes.OTHER, { urgent: true }));
                      }}
                    />
                  </Fact>
                )}
              </>
            )}
            {size && <Fact name={words.size} value={size} />}
            {generation && <Fact name={words.made} value={format.moment(generation.createdAt)} />}
          </dl>
          {(generated || remixed) && (
            <Link to={places.lineage(id)} className={styles.line} onClick={() => lightbox.set(null)}>
              <GitFork aria-hidden="true" />
              {text.lineage.open}
            </Link>
          )}
          <Link to={places.similar(id)} className={styles.line} onClick={() => lightbox.set(null)}>
            <Images aria-hidden="true" />
            {text.saved.similar}
          </Link>
          {person && !generation && recipe?.prompt && (
            <Button look="quiet" small wide onClick={learn}>
              <ScrollText aria-hidden="true" />
              {text.proof.recipe}
            </Button>
          )}
          {generation && (
            <>
              <HappenedFold jobId={generation.id} />
              <Button look="quiet" small wide onClick={again}>
                {text.studio.again}
              </Button>
              <p className={styles.only}>
                <Lock aria-hidden="true" />
                {shownTo === 'NOBODY' ? words.onlyYou : text.remix.promptsOf[shownTo]}
              </p>
            </>
          )}
        </section>
      )}
      <Proof image={image} />
    </div>
  );
}

function Fact({ name, value, children }: { name: string; value: string; children?: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>
        {value}
        {children}
      </dd>
    </div>
  );
}
