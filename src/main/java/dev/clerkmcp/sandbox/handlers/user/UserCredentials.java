package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Handles the endpoints of users' credentials: passwords, second factors and backup codes. */
public final class UserCredentials {
  private static final int MIN_PASSWORD = 8;
  private static final int MAX_PASSWORD = 72;

  /** A few of the passwords that every list of stolen ones begins with. */
  private static final Set<String> PWNED =
      Set.of(
          "123456789",
          "12345678",
          "1234567890",
          "11111111",
          "abc12345",
          "baseball",
          "football",
          "iloveyou",
          "letmein1",
          "password",
          "password1",
          "password123",
          "passw0rd",
          "princess",
          "qwerty123",
          "qwertyuiop",
          "sunshine",
          "trustno1",
          "welcome1");

  private static final Pattern TOTP_SECRET = Pattern.compile("[A-Za-z2-7]+=*");
  private static final Pattern ANY = Pattern.compile("\\S+");

  /** The forms of digests by the names of their hashers, as far as the form alone tells. */
  private static final Map<String, Pattern> DIGESTS =
      Map.ofEntries(
          Map.entry("argon2i", Pattern.compile("\\$argon2i\\$.+")),
          Map.entry("argon2id", Pattern.compile("\\$argon2id\\$.+")),
          Map.entry("awscognito", ANY),
          Map.entry("bcrypt", Pattern.compile("\\$2[abxy]\\$\\d\\d\\$[./A-Za-z0-9]{53}")),
          Map.entry("bcrypt_peppered", ANY),
          Map.entry(
              "bcrypt_sha256_django",
              Pattern.compile("bcrypt_sha256\\$\\$2[abxy]\\$\\d\\d\\$.{53}")),
          Map.entry("hmac_sha256_utf16_b64", ANY),
          Map.entry("ldap_ssha", Pattern.compile("(\\{SSHA})?[A-Za-z0-9+/]+=*")),
          Map.entry("md5", Pattern.compile("[0-9a-fA-F]{32}")),
          Map.entry("md5_phpass", ANY),
          Map.entry("md5_salted", ANY),
          Map.entry("pbkdf2_sha1", Pattern.compile("pbkdf2_sha1\\$.+")),
          Map.entry("pbkdf2_sha256", Pattern.compile("pbkdf2_sha256\\$.+")),
          Map.entry("pbkdf2_sha256_django", Pattern.compile("pbkdf2_sha256\\$\\d+\\$.+\\$.+")),
          Map.entry("pbkdf2_sha512", Pattern.compile("pbkdf2_sha512\\$.+")),
          Map.entry("pbkdf2_sha512_hex", ANY),
          Map.entry("phpass", Pattern.compile("\\$[PH]\\$.{31}")),
          Map.entry("scrypt_firebase", ANY),
          Map.entry("scrypt_werkzeug", Pattern.compile("scrypt:.+")),
          Map.entry("sha256", Pattern.compile("[0-9a-fA-F]{64}")),
          Map.entry("sha256_salted", ANY),
          Map.entry("sha512_symfony", ANY));

  /** The code of every authenticator app; the same as Clerk's code for test addresses. */
  private static final String TEST_CODE = "424242";

  private final HandlerContext context;
  private final Table users;
  private final Sessions sessions;

  public UserCredentials(HandlerContext context, Sessions sessions) {
    this.context = context;
    this.users = context.table(ObjectKind.USER);
    this.sessions = sessions;
  }

  public void register(Routes routes) {
    routes
        .on("POST /users/{user_id}/verify_password", this::verifyPassword)
        .on("POST /users/{user_id}/remove_password", this::removePassword)
        .on("POST /users/{user_id}/password/set_compromised", this::compromise)
        .on("POST /users/{user_id}/password/unset_compromised", this::clear)
        .on("POST /users/{user_id}/verify_totp", this::verifyTotp)
        .on("DELETE /users/{user_id}/totp", this::disableTotp)
        .on("DELETE /users/{user_id}/backup_code", this::disableBackupCodes)
        .on("DELETE /users/{user_id}/mfa", this::disableMfa);
  }

  /** Sets the credentials that the request contains on the user. */
  void set(ObjectNode user, ApiRequest request) {
    setPassword(user, request);
    if (request.has("totp_secret")) {
      if (!TOTP_SECRET.matcher(request.field("totp_secret")).matches()) {
        throw ApiError.invalid(
            "invalid_totp_secret_code", "totp_secret", "totp_secret must be in Base32.");
      }
      user.put("totp_enabled", true);
    }
    if (!request.texts("backup_codes").isEmpty()) {
      ArrayNode hashes = HandlerContext.hidden(user).putArray("backup_codes");
      request.texts("backup_codes").forEach(code -> hashes.add(hash(user, code)));
      user.put("backup_code_enabled", true);
    }
    updateTwoFactor(user);
  }

  private void setPassword(ObjectNode user, ApiRequest request) {
    String digest = request.text("password_digest");
    String hasher = request.text("password_hasher");
    if ((digest == null) != (hasher == null)) {
      throw ApiError.missing(digest == null ? "password_digest" : "password_hasher");
    }
    String password = request.text("password");
    if (password != null && digest != null) {
      throw ApiError.invalid(
          "form_param_value_conflict", "password", "Give password or password_digest, not both.");
    }
    if (password != null) {
      checkPassword(password, request.flag("skip_password_checks", false));
      HandlerContext.hidden(user).put("password", hash(user, password));
    } else if (digest != null) {
      checkDigest(digest, String.valueOf(hasher));
      // The sandbox has no hashers, so no password matches a digest.
      HandlerContext.hidden(user).put("password", "digest");
    } else {
      return;
    }
    user.put("password_enabled", true).put("password_last_updated_at", context.now());
  }

  private static void checkPassword(String password, boolean unchecked) {
    if (password.getBytes(StandardCharsets.UTF_8).length > MAX_PASSWORD) {
      throw ApiError.invalid(
          "form_password_size_in_bytes_exceeded",
          "password",
          "password must have at most %s bytes.",
          MAX_PASSWORD);
    }
    if (!unchecked && password.length() < MIN_PASSWORD) {
      throw ApiError.invalid(
          "form_password_length_too_short",
          "password",
          "password must have at least %s characters.",
          MIN_PASSWORD);
    }
    if (!unchecked && PWNED.contains(password.toLowerCase(Locale.ROOT))) {
      throw ApiError.invalid(
          "form_password_pwned", "password", "password is in lists of stolen passwords.");
    }
  }

  private static void checkDigest(String digest, String hasher) {
    Pattern form = DIGESTS.get(hasher);
    if (form == null) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "password_hasher",
          "password_hasher takes one of %s.",
          String.join(", ", new TreeSet<>(DIGESTS.keySet())));
    }
    if (!form.matcher(digest).matches()) {
      throw ApiError.invalid(
          "form_password_digest_invalid_code",
          "password_digest",
          "password_digest does not have the form of %s.",
          hasher);
    }
  }

  private JsonNode verifyPassword(ApiRequest request) {
    ObjectNode user = withPassword(request);
    String given = hash(user, request.field("password"));
    if (!given.equals(user.path(Store.HIDDEN).path("password").asText())) {
      throw ApiError.of(422, "incorrect_password", "The password is not the user's.");
    }
    return Json.object().put("verified", true);
  }

  private JsonNode removePassword(ApiRequest request) {
    String id = withPassword(request).path("id").asText();
    if (request.flag("sign_out_of_other_sessions", false)) {
      sessions.revokeAll(id);
    }
    return users.change(
        id,
        user -> {
          user.put("password_enabled", false);
          HandlerContext.hidden(user).remove("password");
        });
  }

  private JsonNode compromise(ApiRequest request) {
    String id = withPassword(request).path("id").asText();
    if (request.flag("revoke_all_sessions", false)) {
      sessions.revokeAll(id);
    }
    return users.change(id, user -> HandlerContext.hidden(user).put("compromised", true));
  }

  private JsonNode clear(ApiRequest request) {
    String id = withPassword(request).path("id").asText();
    return users.change(id, user -> HandlerContext.hidden(user).remove("compromised"));
  }

  private ObjectNode withPassword(ApiRequest request) {
    ObjectNode user = users.get(request.variable("user_id"));
    if (!user.path("password_enabled").asBoolean()) {
      throw ApiError.of(400, "no_password_set", "The user has no password.");
    }
    return user;
  }

  private JsonNode verifyTotp(ApiRequest request) {
    ObjectNode user = users.get(request.variable("user_id"));
    String code = request.field("code");
    String type = codeType(user, code);
    if (type == null) {
      throw ApiError.of(422, "totp_incorrect_code", "The code is not the user's.");
    }
    if (type.equals("backup_code")) {
      users.change(user.path("id").asText(), owner -> useUp(owner, code));
    }
    return Json.object().put("verified", true).put("code_type", type);
  }

  private static @Nullable String codeType(ObjectNode user, String code) {
    boolean totp = user.path("totp_enabled").asBoolean();
    boolean backupCodes = user.path("backup_code_enabled").asBoolean();
    if (!totp && !backupCodes) {
      throw ApiError.of(400, "totp_disabled", "The user has no authenticator and no backup codes.");
    }
    if (totp && code.equals(TEST_CODE)) {
      return "totp";
    }
    String hash = hash(user, code);
    for (JsonNode kept : user.path(Store.HIDDEN).path("backup_codes")) {
      if (kept.asText().equals(hash)) {
        return "backup_code";
      }
    }
    return null;
  }

  /** Removes a backup code, which works only once. */
  private static void useUp(ObjectNode user, String code) {
    String used = hash(user, code);
    ArrayNode left = Json.array();
    for (JsonNode kept : user.path(Store.HIDDEN).path("backup_codes")) {
      if (!kept.asText().equals(used)) {
        left.add(kept);
      }
    }
    HandlerContext.hidden(user).set("backup_codes", left);
  }

  private JsonNode disableTotp(ApiRequest request) {
    return disable(request, List.of("totp_enabled"));
  }

  private JsonNode disableBackupCodes(ApiRequest request) {
    return disable(request, List.of("backup_code_enabled"));
  }

  private JsonNode disableMfa(ApiRequest request) {
    return disable(request, List.of("totp_enabled", "backup_code_enabled"));
  }

  private JsonNode disable(ApiRequest request, List<String> flags) {
    String id = request.variable("user_id");
    boolean phonesToo = flags.size() > 1;
    users.change(
        id,
        user -> {
          flags.forEach(flag -> user.put(flag, false));
          if (flags.contains("backup_code_enabled")) {
            HandlerContext.hidden(user).remove("backup_codes");
          }
          for (JsonNode phone : user.path("phone_numbers")) {
            if (phonesToo && phone instanceof ObjectNode number) {
              number.put("reserved_for_second_factor", false).put("default_second_factor", false);
            }
          }
          updateTwoFactor(user);
        });
    return Json.object().put("user_id", id);
  }

  /** Updates whether the user has a second factor, and when that last changed. */
  void updateTwoFactor(ObjectNode user) {
    boolean before = user.path("two_factor_enabled").asBoolean();
    boolean now = user.path("totp_enabled").asBoolean();
    for (JsonNode phone : user.path("phone_numbers")) {
      now |= phone.path("reserved_for_second_factor").asBoolean();
    }
    user.put("two_factor_enabled", now);
    if (now != before) {
      user.put(now ? "mfa_enabled_at" : "mfa_disabled_at", context.now());
    }
  }

  /** Hashes a secret, so that the sandbox's file never holds a password in plain text. */
  private static String hash(ObjectNode user, String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(user.path("id").asText().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
