package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiError.Reason;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of JWT templates: the claims and lifetime of tokens that are requested by
 * the template's name.
 */
public final class JwtTemplates extends Resource {
  private static final int LIFETIME_SECONDS = 60;
  private static final int ALLOWED_CLOCK_SKEW_SECONDS = 5;
  private static final String ALGORITHM = "RS256";

  private static final Set<String> ALGORITHMS =
      new TreeSet<>(
          Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"));

  /** Clerk sets these claims itself. */
  private static final List<String> RESERVED_CLAIMS =
      List.of("azp", "exp", "iat", "iss", "jti", "nbf", "sub");

  public JwtTemplates(HandlerContext context) {
    super(context, ObjectKind.JWT_TEMPLATE, "/jwt_templates");
  }

  /** The template with a name, or null. */
  @Nullable ObjectNode findByName(String name) {
    return rows.findWhere("name", name);
  }

  @Override
  protected void start(ObjectNode template, ApiRequest request) {
    template
        .put("lifetime", LIFETIME_SECONDS)
        .put("allowed_clock_skew", ALLOWED_CLOCK_SKEW_SECONDS)
        .put("signing_algorithm", ALGORITHM);
  }

  @Override
  protected void set(ObjectNode template, ApiRequest request) {
    template.put("name", name(template, request)).set("claims", claims(request));
    copy(template, request, "lifetime", "allowed_clock_skew");
    setKey(template, request);
  }

  private String name(ObjectNode template, ApiRequest request) {
    String name = request.field("name").strip();
    if (name.isEmpty()) {
      throw ApiError.missing("name");
    }
    if (isTaken("name", name, template)) {
      throw ApiError.taken("name");
    }
    return name;
  }

  private static JsonNode claims(ApiRequest request) {
    JsonNode claims = request.fields().path("claims");
    for (String reserved : RESERVED_CLAIMS) {
      if (claims.has(reserved)) {
        throw new ApiError(
            400,
            List.of(
                new Reason(
                    "jwt_template_reserved_claim",
                    "The claim %s is reserved; every token has it anyway.".formatted(reserved),
                    "claims")));
      }
    }
    return claims;
  }

  /** A custom signing key needs its algorithm. Like Clerk, the sandbox never returns the key. */
  private static void setKey(ObjectNode template, ApiRequest request) {
    boolean had = template.path("custom_signing_key").asBoolean();
    boolean custom = request.flag("custom_signing_key", had);
    if (custom && !had) {
      for (String parameter : List.of("signing_algorithm", "signing_key")) {
        if (!request.has(parameter)) {
          throw ApiError.invalid(
              "form_conditional_param_missing",
              parameter,
              "%s must be included where custom_signing_key is true.",
              parameter);
        }
      }
    }
    if (!custom && request.has("signing_key")) {
      throw ApiError.invalid(
          "form_conditional_param_disallowed",
          "signing_key",
          "signing_key needs custom_signing_key.");
    }
    String algorithm = request.text("signing_algorithm");
    if (algorithm != null && !ALGORITHMS.contains(algorithm)) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "signing_algorithm",
          "signing_algorithm takes one of %s.",
          String.join(", ", ALGORITHMS));
    }
    template.put("custom_signing_key", custom);
    if (!custom) {
      template.put("signing_algorithm", ALGORITHM);
    } else if (algorithm != null) {
      template.put("signing_algorithm", algorithm);
    }
  }
}
