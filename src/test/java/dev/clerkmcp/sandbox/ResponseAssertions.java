package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.openapi.ResponseValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks responses against the contract, against Clerk's own file with {@code
 * -Dclerk.openapi=<file>}, and against rules that no schema states.
 */
final class ResponseAssertions {
  private static final List<ResponseValidator> CHECKS = checks();

  private ResponseAssertions() {}

  /**
   * Checks a response.
   *
   * @param context begins the message of a failure
   * @throws AssertionError with every violation
   */
  static void assertConforms(OperationRequest request, Reply reply, String context) {
    List<String> complaints = new ArrayList<>(UndocumentedRules.violations(reply.body(), request));
    for (ResponseValidator check : CHECKS) {
      check
          .complaints(request.operation(), request.paginated(), reply.body())
          .forEach(complaint -> complaints.add("%s, by the %s".formatted(complaint, check)));
    }
    if (!complaints.isEmpty()) {
      throw new AssertionError(
          "%s%s:%n  %s%nin %s"
              .formatted(context, request, String.join("\n  ", complaints), reply.body()));
    }
  }

  private static List<ResponseValidator> checks() {
    List<ResponseValidator> checks =
        new ArrayList<>(List.of(ResponseValidator.ofContract(SandboxCalls.CONTRACT)));
    String yaml = System.getProperty("clerk.openapi", "");
    try {
      if (!yaml.isEmpty()) {
        checks.add(ResponseValidator.ofOpenApi(Path.of(yaml)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(checks);
  }

  /** The rules for responses of the sandbox that no schema of Clerk's states. */
  private static final class UndocumentedRules {
    /** 2017 to 2128 in milliseconds; a time in seconds would be in 1970. */
    private static final long EARLIEST = 1_500_000_000_000L;

    private static final long LATEST = 5_000_000_000_000L;

    /** The times that Clerk returns in seconds, as its own example shows. */
    private static final Set<String> SECONDS = Set.of("POST /testing_tokens /expires_at");

    private static final String HOSTS =
        "https?://([^/]*\\.)?(sandbox\\.invalid|example|example\\.com|localhost)([:/?].*)?";

    private final OperationRequest request;
    private final List<String> found = new ArrayList<>();

    private UndocumentedRules(OperationRequest request) {
      this.request = request;
    }

    /** The violations of a response body, each with its place. */
    static List<String> violations(JsonNode answer, OperationRequest request) {
      UndocumentedRules rules = new UndocumentedRules(request);
      rules.search("", answer);
      return rules.found;
    }

    private void search(String place, JsonNode node) {
      node.properties()
          .forEach(field -> field(place + "/" + field.getKey(), field.getKey(), field.getValue()));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        search(place + "/" + i, node.path(i));
      }
      if (node.isTextual() && node.asText().matches("https?://.*")) {
        boolean given = request.toString().contains(node.asText());
        if (!given && !node.asText().matches(HOSTS)) {
          found.add("%s leads out of the sandbox: %s".formatted(place, node));
        }
      }
    }

    private void field(String place, String name, JsonNode value) {
      if (name.startsWith("_")) {
        found.add("%s is a hidden field of the sandbox".formatted(place));
      }
      boolean time = name.endsWith("_at") && value.isIntegralNumber();
      boolean inSeconds = SECONDS.contains(request.operation().route() + " " + place);
      if (time && !inSeconds && (value.asLong() < EARLIEST || value.asLong() > LATEST)) {
        found.add("%s is not in milliseconds: %s".formatted(place, value));
      }
      search(place, value);
    }
  }
}
