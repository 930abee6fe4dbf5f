package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.json.TextFile.UnusableFileException;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads policies from a file with the text that a test gives. */
final class PolicyFixture {
  private static final List<ToolIndexEntry> CATALOG = ToolIndexReader.entries();

  private PolicyFixture() {}

  /**
   * Writes the text to a file and reads it as a policy.
   *
   * @param text JSON, in which single quotes may stand for double ones
   */
  static Policy parse(Path folder, String text) throws Exception {
    return read(Files.writeString(folder.resolve("policy.json"), text.replace('\'', '"')));
  }

  /** Reads a file as a policy. */
  static Policy read(Path file) throws IOException, UnusableFileException, Policy.InvalidPolicy {
    return Policy.parse(file, CATALOG);
  }
}
