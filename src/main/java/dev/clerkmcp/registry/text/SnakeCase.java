package dev.clerkmcp.registry.text;

import java.util.Locale;
import java.util.regex.Pattern;

/** Converts Java names to the names of arguments: {@code userId} becomes {@code user_id}. */
public final class SnakeCase {
  private static final Pattern INNER_CAPITAL = Pattern.compile("(?<=[a-z0-9])[A-Z]");

  private SnakeCase() {}

  /** The name in snake_case; a name that is already in snake_case is unchanged. */
  public static String of(String camelCase) {
    return INNER_CAPITAL.matcher(camelCase).replaceAll("_$0").toLowerCase(Locale.ROOT);
  }
}
