package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiError;
import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names that people give to things, and the keys and slugs that follow from them. */
final class NameRules {
  private static final int LONGEST = 256;
  private static final Pattern MARKUP =
      Pattern.compile("<[^>]*>|[a-z]+://|www\\.", Pattern.CASE_INSENSITIVE);

  private NameRules() {}

  /**
   * A name without the blanks around it.
   *
   * @param parameter the one to blame
   * @throws ApiError with status 422 if it is empty or too long
   */
  static String of(String parameter, String text) {
    String name = text.strip();
    if (name.isEmpty()) {
      throw ApiError.invalid("form_param_nil", parameter, parameter + " must not be empty.");
    }
    if (name.length() > LONGEST) {
      throw ApiError.invalid(
          "form_param_max_length_exceeded",
          parameter,
          "%s takes at most %s characters.".formatted(parameter, LONGEST));
    }
    return name;
  }

  /**
   * The name of an organization, which people see in e-mails.
   *
   * @throws ApiError with status 422 if it has a link or markup in it
   */
  static String ofOrganization(String text) {
    String name = of("name", text);
    if (MARKUP.matcher(name).find()) {
      throw ApiError.invalid(
          "form_param_value_invalid", "name", "name must not contain a URL or HTML.");
    }
    return name;
  }

  /**
   * What follows from a name: its letters and digits without accents, joined by one character, and
   * a number behind them where others were first.
   *
   * @param otherwise for a name without any letter or digit of these
   */
  static String derived(String name, char joint, String otherwise, Predicate<String> taken) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    String joined =
        plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip().replace(' ', joint);
    String first = joined.isEmpty() ? otherwise : joined;
    String free = first;
    for (int i = 2; taken.test(free); i++) {
      free = first + joint + i;
    }
    return free;
  }
}
