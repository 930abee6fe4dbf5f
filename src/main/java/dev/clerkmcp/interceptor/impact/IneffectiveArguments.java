package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.List;
import java.util.Set;

/**
 * Refuses arguments that Clerk accepts without doing what they say, before anything is planned or
 * sent: an answer would tell a change that was not made. A change of nothing, which Clerk answers
 * like any other, is told.
 */
public final class IneffectiveArguments implements RequestInterceptor {
  private static final String EMPTY = "No value was given, so nothing is changed.";
  private static final String PRIMARY = "primary";
  private static final String SIGN_OUT = "sign_out_of_other_sessions";

  private final TargetCache targets;

  public IneffectiveArguments(TargetCache targets) {
    this.targets = targets;
  }

  @Override
  public boolean concerns(ClerkRequest request) {
    return Set.of("PATCH", "PUT").contains(request.endpoint().method());
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ClerkRequest request = chain.request();
    switch (request.endpoint().route()) {
      case "PATCH /email_addresses/{email_address_id}" ->
          checkPrimary(request, "primary_email_address_id", "clerk_email_address_update");
      case "PATCH /phone_numbers/{phone_number_id}" ->
          checkPrimary(request, "primary_phone_number_id", "clerk_phone_number_update");
      case "PATCH /users/{user_id}" -> checkSignOut(request);
      default -> {}
    }
    if (!isEmpty(request)) {
      return chain.proceed();
    }
    if (request.context().isPlanning()) {
      request.context().warn(EMPTY);
      return chain.proceed();
    }
    JsonNode answer = chain.proceed();
    request.context().invocation().note(EMPTY);
    return answer;
  }

  /** Whether a change gives nothing to change, although its tool takes something. */
  private static boolean isEmpty(ClerkRequest request) {
    ToolDefinition tool = request.context().tool();
    List<String> variables = request.endpoint().variables();
    return !tool.isComposed()
        && !variables.containsAll(tool.argumentNames())
        && request.arguments().propertyStream().allMatch(own -> variables.contains(own.getKey()));
  }

  private void checkPrimary(ClerkRequest request, String field, String tool) {
    JsonNode primary = request.arguments().path(PRIMARY);
    if (!primary.isBoolean() || primary.asBoolean()) {
      return;
    }
    RequestTarget target;
    try {
      target = targets.of(request);
    } catch (ClerkException e) {
      request.context().invocation().checkCancelled();
      return; // the request itself will tell what is wrong
    }
    JsonNode contact = target.state();
    boolean isPrimary =
        contact != null
            && target.users().stream()
                .anyMatch(user -> user.path(field).equals(contact.path("id")));
    if (isPrimary) {
      throw InvalidArgumentsException.of(
          PRIMARY,
          "false does nothing: it is the primary one and stays so until another one is. Make that"
              + " one primary: %s with its ID and primary: true".formatted(tool));
    }
  }

  private static void checkSignOut(ClerkRequest request) {
    JsonNode arguments = request.arguments();
    if (arguments.path(SIGN_OUT).asBoolean()
        && !arguments.hasNonNull("password")
        && !arguments.hasNonNull("password_digest")) {
      throw InvalidArgumentsException.of(
          SIGN_OUT,
          "counts only with a new password; without one, no session ends. To end sessions:"
              + " clerk_user_sessions_revoke");
    }
  }
}
