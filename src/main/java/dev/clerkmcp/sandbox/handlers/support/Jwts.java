package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs the sandbox's JWTs with RS256, so that every library verifies them by the instance's JWKS.
 * The seed decides the key, which is a secret of nobody: it must never sign anything real.
 */
public final class Jwts {
  /** Who issues the tokens: the instance's Frontend API, which the sandbox does not have. */
  public static final String ISSUER = "https://clerk.sandbox.invalid";

  /** The category of session tokens. */
  public static final String SESSION = "cl_B7d4PD111AAA";

  /** The category of tokens by which machines call each other. */
  public static final String MACHINE = "cl_B7d4PD333AAA";

  private static final String ALGORITHM = "SHA256withRSA";
  private static final int PRIME_BITS = 1024;
  private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);

  /** Made at the first use: finding two primes takes a while. */
  private final Supplier<Numbers> numbers;

  public Jwts(long seed) {
    this.numbers = new Lazy<>(() -> Numbers.of(seed));
  }

  /** The numbers of an RSA key. */
  private record Numbers(BigInteger modulus, BigInteger privateExponent) {
    /** The same numbers for the same seed, on every Java. */
    static Numbers of(long seed) {
      Random random = new Random(seed);
      while (true) {
        BigInteger p = BigInteger.probablePrime(PRIME_BITS, random);
        BigInteger q = BigInteger.probablePrime(PRIME_BITS, random);
        BigInteger phi = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
        if (!p.equals(q) && phi.gcd(EXPONENT).equals(BigInteger.ONE)) {
          return new Numbers(p.multiply(q), EXPONENT.modInverse(phi));
        }
      }
    }
  }

  /**
   * A signed token with the claims.
   *
   * @param category what Clerk's libraries tell kinds of tokens by, or null
   */
  public String sign(JsonNode claims, @Nullable String category) {
    ObjectNode header = Json.object().put("alg", "RS256");
    if (category != null) {
      header.put("cat", category);
    }
    header.put("kid", HandlerContext.INSTANCE_ID).put("typ", "JWT");
    String signed = encoded(header) + "." + encoded(claims);
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(
          KeyFactory.getInstance("RSA")
              .generatePrivate(
                  new RSAPrivateKeySpec(numbers.get().modulus(), numbers.get().privateExponent())));
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has RSA
    }
  }

  /** The claims of a token; null if this instance has not signed it. Its expiry is not checked. */
  public @Nullable JsonNode findClaims(String token) {
    List<String> parts = List.of(token.strip().split("\\.", -1));
    if (parts.size() != 3) {
      return null;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(numbers.get().modulus(), EXPONENT)));
      signature.update((parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.UTF_8));
      return signature.verify(Base64.getUrlDecoder().decode(parts.get(2)))
          ? Json.read(
              new String(Base64.getUrlDecoder().decode(parts.get(1)), StandardCharsets.UTF_8))
          : null;
    } catch (SignatureException | IllegalArgumentException | JsonProcessingException e) {
      return null; // not one of ours
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key set with which others verify the tokens. */
  public ObjectNode keys() {
    ObjectNode keys = Json.object();
    keys.putArray("keys")
        .addObject()
        .put("use", "sig")
        .put("kty", "RSA")
        .put("kid", HandlerContext.INSTANCE_ID)
        .put("alg", "RS256")
        .put("n", base64(unsigned(numbers.get().modulus())))
        .put("e", base64(unsigned(EXPONENT)));
    return keys;
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String encoded(JsonNode json) {
    return base64(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
