package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares text with a file of the project, or rewrites the file with {@code -Dcatalog.update}. */
public final class Golden {
  private Golden() {}

  public static void assertMatches(Path file, String actual) throws IOException {
    if (Boolean.getBoolean("catalog.update")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, actual);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s, rewritten by mvn verify -Dcatalog.update=true if the change is meant", file)
        .isEqualTo(actual);
  }
}
