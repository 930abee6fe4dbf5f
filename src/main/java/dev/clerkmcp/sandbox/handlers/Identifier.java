package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiError;
import java.util.regex.Pattern;

/**
 * The forms that e-mail addresses, phone numbers, usernames and wallets have; others are refused.
 */
final class Identifier {
  private static final Pattern EMAIL_ADDRESS =
      Pattern.compile("[^\\s@,;<>\"*]+@[^\\s@,;<>\"*.]+(\\.[^\\s@,;<>\"*.]+)+");

  /** E.164: a plus, the country, at most 15 digits in all. */
  private static final Pattern PHONE_NUMBER = Pattern.compile("\\+[1-9]\\d{6,14}");

  private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9_.-]*");
  private static final int SHORTEST_USERNAME = 4;
  private static final int LONGEST_USERNAME = 64;

  private static final Pattern WEB3_WALLET = Pattern.compile("0x[0-9a-fA-F]{40}");

  private Identifier() {}

  /**
   * An e-mail address without the blanks around it.
   *
   * @param parameter the one to blame
   */
  static String emailAddress(String parameter, String text) {
    return checked(EMAIL_ADDRESS, parameter, text, "an e-mail address such as ada@example.com");
  }

  /**
   * A phone number without the blanks around it.
   *
   * @param parameter the one to blame
   */
  static String phoneNumber(String parameter, String text) {
    return checked(PHONE_NUMBER, parameter, text, "a phone number such as +15555550100 (E.164)");
  }

  /**
   * The address of an Ethereum wallet without the blanks around it.
   *
   * @param parameter the one to blame
   */
  static String web3Wallet(String parameter, String text) {
    return checked(WEB3_WALLET, parameter, text, "a wallet: 0x and 40 hexadecimal digits");
  }

  /**
   * A username without the blanks around it.
   *
   * @param parameter the one to blame
   */
  static String username(String parameter, String text) {
    String username = text.strip();
    if (username.length() < SHORTEST_USERNAME || username.length() > LONGEST_USERNAME) {
      throw ApiError.invalid(
          "form_username_invalid_length",
          parameter,
          "%s takes %s to %s characters."
              .formatted(parameter, SHORTEST_USERNAME, LONGEST_USERNAME));
    }
    if (PHONE_NUMBER.matcher(username).matches()) {
      throw ApiError.invalid(
          "form_username_cannot_be_phone_number",
          parameter,
          "%s cannot be a phone number.".formatted(parameter));
    }
    if (!USERNAME.matcher(username).matches()) {
      throw ApiError.invalid(
          "form_username_invalid_character",
          parameter,
          "%s takes letters, digits, underscores, dots and hyphens.".formatted(parameter));
    }
    if (username.chars().allMatch(Character::isDigit)) {
      throw ApiError.invalid(
          "form_username_needs_non_number_char",
          parameter,
          "%s must contain something besides digits.".formatted(parameter));
    }
    return username;
  }

  private static String checked(Pattern form, String parameter, String text, String wanted) {
    String stripped = text.strip();
    if (!form.matcher(stripped).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid", parameter, "%s must be %s.".formatted(parameter, wanted));
    }
    return stripped;
  }
}
