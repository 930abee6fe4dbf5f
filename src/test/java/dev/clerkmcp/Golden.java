package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compares text with a file of the project, or rewrites the file with {@code -Dcatalog.update}. */
public final class Golden {
  /** Whether files are rewritten instead of compared. */
  public static final boolean UPDATE = Boolean.getBoolean("catalog.update");

  private Golden() {}

  /** Fails with the first line that differs from the file. */
  public static void assertMatches(Path file, String actual) throws IOException {
    if (UPDATE) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, actual);
    }
    List<String> kept = Files.exists(file) ? Files.readAllLines(file) : List.of();
    List<String> now = actual.lines().toList();
    int same = 0;
    while (same < Math.min(kept.size(), now.size()) && kept.get(same).equals(now.get(same))) {
      same++;
    }
    assertThat(now.subList(same, Math.min(same + 1, now.size())))
        .as(
            "%s from line %d; mvn verify -Dcatalog.update=true rewrites it if the change is meant",
            file, same + 1)
        .isEqualTo(kept.subList(same, Math.min(same + 1, kept.size())));
  }
}
