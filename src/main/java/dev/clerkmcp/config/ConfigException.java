package dev.clerkmcp.config;

import dev.clerkmcp.interceptor.redact.CredentialText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the person who configured the server every mistake in the settings, one sentence each. A
 * credential that stands in the wrong place is quoted as its fingerprint only.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> mistakes;

  public ConfigException(String mistake) {
    this(List.of(mistake));
  }

  /**
   * Reports mistakes.
   *
   * @param mistakes at least one
   */
  public ConfigException(List<String> mistakes) {
    super(shown(message(mistakes)));
    this.mistakes = new ArrayList<>();
    for (String mistake : mistakes) {
      this.mistakes.add(shown(mistake));
    }
  }

  private static String shown(String text) {
    return TextSanitizer.of(CredentialText.masked(text));
  }

  /** The mistakes, each a sentence. */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  private static String message(List<String> mistakes) {
    if (mistakes.size() == 1) {
      return mistakes.get(0);
    }
    StringBuilder message = new StringBuilder("There are ");
    message.append(mistakes.size()).append(" mistakes in the settings.");
    for (int i = 0; i < mistakes.size(); i++) {
      message.append(" (").append(i + 1).append(") ").append(mistakes.get(i));
    }
    return message.toString();
  }
}
