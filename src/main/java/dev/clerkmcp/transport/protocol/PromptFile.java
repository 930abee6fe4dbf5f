package dev.clerkmcp.transport.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of all prompts beside this project's classes, sorted by name. Each begins with {@code #
 * name: title}, a line that describes it and a line for each argument, {@code - name: description},
 * where {@code name?} is one that may be left out; after an empty line follows the text.
 */
final class PromptFile {
  private static final String HEADING = "# ";
  private static final String ARGUMENT = "- ";
  private static final String COLON = ": ";

  private PromptFile() {}

  /** Reads it. */
  static List<Prompt> prompts() {
    try (InputStream file = PromptFile.class.getResourceAsStream("/dev/clerkmcp/prompts.md")) {
      if (file == null) {
        throw new IllegalStateException("The prompts are missing from the jar");
      }
      return read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads prompts that are written so. */
  static List<Prompt> read(String file) {
    List<Prompt> prompts = new ArrayList<>();
    for (String prompt : ("\n" + file).split("\n" + HEADING, -1)) {
      if (!prompt.isBlank()) {
        prompts.add(prompt(prompt));
      }
    }
    return prompts;
  }

  private static Prompt prompt(String prompt) {
    int text = prompt.indexOf("\n\n");
    String[] lines = prompt.substring(0, text).split("\n", -1);
    List<Prompt.Argument> arguments = new ArrayList<>();
    for (int i = 2; i < lines.length; i++) {
      arguments.add(argument(lines[i].substring(ARGUMENT.length())));
    }
    int colon = lines[0].indexOf(COLON);
    return new Prompt(
        lines[0].substring(0, colon),
        lines[0].substring(colon + COLON.length()),
        lines[1],
        arguments,
        prompt.substring(text).strip());
  }

  private static Prompt.Argument argument(String line) {
    int colon = line.indexOf(COLON);
    String name = line.substring(0, colon);
    boolean required = !name.endsWith("?");
    return new Prompt.Argument(
        required ? name : name.substring(0, name.length() - 1),
        line.substring(colon + COLON.length()),
        required);
  }
}
