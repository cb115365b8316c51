import { Copy, Lock, Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { Story_image$key } from '~/__generated__/Story_image.graphql';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { HappenedFold } from '~/happened/HappenedFold';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { isStyleCode, keepWish, PLAIN } from '~/studio/wish';
import styles from './Story.module.css';

/** What a picture shows, in words, and how it was made, as far as the viewer may know. */
export function Story({ image: key }: { image: Story_image$key }) {
  const text = useText();
  const format = useFormat();
  const person = useViewer()?.id ?? '';
  const navigate = useNavigate();
  const { altText, generated, width, height, generation } = useFragment(
    graphql`
      fragment Story_image on Image {
        altText
        generated
        width
        height
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
        }
      }
    `,
    key,
  );
  const words = text.lightbox;
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
  return (
    <div className={styles.story}>
      <section>
        <h3>{words.description}</h3>
        <p className={altText ? undefined : styles.none} dir="auto">
          {altText || words.noDescription}
        </p>
      </section>
      {(generated || size) && (
        <section>
          <h3>{words.story}</h3>
          {generated && (
            <p className={styles.mark}>
              <Sparkles aria-hidden="true" />
              {words.madeHere}
            </p>
          )}
          {generation && (
            <blockquote className={styles.prompt} dir="auto">
              {generation.prompt}
            </blockquote>
          )}
          <dl className={styles.facts}>
            {generation && (
              <>
                <Fact name={words.engine} value={generation.model.name} />
                {generation.style && (
                  <Fact
                    name={words.style}
                    value={
                      isStyleCode(generation.style)
                        ? text.manner.kept
                        : (text.studio.styles[generation.style] ?? generation.style)
                    }
                  />
                )}
                {generation.seed && (
                  <Fact name={words.seed} value={generation.seed}>
                    <IconButton
                      className={styles.copy}
                      label={words.copySeed}
                      icon={<Copy />}
                      onClick={() => {
                        void navigator.clipboard
                          ?.writeText(generation.seed ?? '')
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
          {generation && (
            <>
              <HappenedFold jobId={generation.id} />
              <Button look="quiet" small wide onClick={again}>
                {text.studio.again}
              </Button>
              <p className={styles.only}>
                <Lock aria-hidden="true" />
                {words.onlyYou}
              </p>
            </>
          )}
        </section>
      )}
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
