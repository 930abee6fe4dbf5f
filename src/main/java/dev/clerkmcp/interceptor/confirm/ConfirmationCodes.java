package dev.clerkmcp.interceptor.confirm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Issues codes that each confirm one plan, once, within ten minutes. They are signed with a key
 * that only this process has, so a model cannot make one up.
 */
final class ConfirmationCodes {
  static final Duration VALIDITY = Duration.ofMinutes(10);

  private static final String ALGORITHM = "HmacSHA256";
  private static final int NONCE_BYTES = 6;
  private static final int MAC_BYTES = 15;
  private static final int LENGTH = Long.BYTES + NONCE_BYTES + MAC_BYTES;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;
  private final Map<String, Instant> used = new HashMap<>();

  ConfirmationCodes(InstantSource clock) {
    this.clock = clock;
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** A new code that is valid only with a digest. */
  String issue(String digest) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return code(clock.instant().plus(VALIDITY).toEpochMilli(), nonce, digest);
  }

  /** How long ago a code was issued; zero if it is no code. */
  Duration age(String code) {
    byte[] bytes = bytes(code);
    return bytes.length == LENGTH
        ? Duration.between(end(ByteBuffer.wrap(bytes)).minus(VALIDITY), clock.instant())
        : Duration.ZERO;
  }

  private static Instant end(ByteBuffer code) {
    return Instant.ofEpochMilli(code.getLong());
  }

  /**
   * Checks a code for a digest. A valid code is used up, and null is returned; otherwise returns
   * the reason, and nothing is used up.
   */
  synchronized @Nullable String redeem(String code, String digest) {
    used.values().removeIf(end -> end.isBefore(clock.instant()));
    byte[] bytes = bytes(code);
    if (bytes.length != LENGTH) {
      return "That is not a confirmation code.";
    }
    ByteBuffer parts = ByteBuffer.wrap(bytes);
    Instant end = end(parts);
    byte[] nonce = new byte[NONCE_BYTES];
    parts.get(nonce);
    if (used.containsKey(code)) {
      return "That confirmation code was used already.";
    }
    boolean fits =
        MessageDigest.isEqual(
            code(end.toEpochMilli(), nonce, digest).getBytes(StandardCharsets.UTF_8),
            code.getBytes(StandardCharsets.UTF_8));
    if (!fits) {
      return "That confirmation code is for another plan, or the affected data has changed since.";
    }
    if (end.isBefore(clock.instant())) {
      return "That confirmation code has expired; codes are valid for ten minutes.";
    }
    used.put(code, end);
    return null;
  }

  private String code(long end, byte[] nonce, String digest) {
    byte[] head = ByteBuffer.allocate(Long.BYTES + NONCE_BYTES).putLong(end).put(nonce).array();
    byte[] code = new byte[head.length + MAC_BYTES];
    System.arraycopy(head, 0, code, 0, head.length);
    System.arraycopy(mac(head, digest), 0, code, head.length, MAC_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
  }

  private byte[] mac(byte[] head, String digest) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(head);
      return mac.doFinal(digest.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static byte[] bytes(String code) {
    try {
      return Base64.getUrlDecoder().decode(code);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
