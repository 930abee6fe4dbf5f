package dev.clerkmcp.interceptor.confirm;

import dev.clerkmcp.AtExit;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.registry.text.Fingerprint;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the whole texts of questions that are too long to be shown. They may have private metadata,
 * so there is one file for each plan, and it is deleted when the plan is answered, when the
 * question expires, when 20 newer ones exist, or when the process ends.
 */
public final class QuestionFiles {
  /** The most files at once: a model may cause any number of questions, each about another plan. */
  private static final int MAX_FILES = 20;

  private static final String PREFIX = "question-";
  private static final int LENGTH_OF_NAME = 16;
  private static final int SECRET_BITS = 128;
  private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{16}(-\\d+)?\\.txt");

  /** No question of any process is open for longer: the most that the settings allow. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final SecretStore folder;
  private final InstantSource clock;

  /** Part of what names are made of, so that no name confirms a guess at a text. */
  private final String secret = new BigInteger(SECRET_BITS, new SecureRandom()).toString();

  /** The files by the digest of the plan, oldest first. */
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  QuestionFiles(SecretStore folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** A file that is deleted after a time, unless its question is answered before. */
  private record Kept(Path file, Instant end) {}

  /** The folder of the files. */
  Path folder() {
    return folder.path();
  }

  /**
   * Writes the whole text of a question; an earlier file of the plan is replaced.
   *
   * @param plan the digest of the plan
   * @param life how long the question can be answered
   * @throws IOException if the file cannot be written; its message continues a sentence that begins
   *     with the folder
   */
  synchronized Path keep(String plan, String text, Duration life) throws IOException {
    delete(kept.remove(plan));
    removeExpired();
    removeLeft(folder);
    while (kept.size() >= MAX_FILES) {
      delete(kept.remove(kept.keySet().iterator().next()));
    }
    String name = PREFIX + Fingerprint.digest(secret + text).substring(0, LENGTH_OF_NAME);
    Path file = folder.keepText(name, text);
    AtExit.deleteLater(file);
    kept.put(plan, new Kept(file, clock.instant().plus(life)));
    Executor later =
        CompletableFuture.delayedExecutor(life.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    later.execute(this::removeExpired);
    return file;
  }

  /** Deletes the file of a plan, which a person has answered. */
  synchronized void delete(String plan) {
    delete(kept.remove(plan));
  }

  private synchronized void removeExpired() {
    Instant now = clock.instant();
    for (Map.Entry<String, Kept> entry : List.copyOf(kept.entrySet())) {
      if (entry.getValue().end().isBefore(now)) {
        delete(kept.remove(entry.getKey()));
      }
    }
  }

  private static void delete(@Nullable Kept old) {
    try {
      if (old != null) {
        AtExit.delete(old.file());
      }
    } catch (IOException e) {
      // another program has it open, on Windows; it is deleted when the process ends
    }
  }

  /**
   * Deletes the files of processes that were killed: those that are older than any open question. A
   * file that cannot be deleted stays until the next time.
   */
  public static void removeLeft(SecretStore folder) {
    Instant oldest = Instant.now().minus(LONGEST);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path(), PREFIX + "*")) {
      for (Path file : files) {
        boolean ours = NAME.matcher(file.getFileName().toString()).matches();
        if (ours
            && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(oldest)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // there is no such folder, or nothing in it can be deleted
    }
  }
}
