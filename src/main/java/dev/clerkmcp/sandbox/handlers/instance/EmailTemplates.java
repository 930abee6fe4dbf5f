package dev.clerkmcp.sandbox.handlers.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Handles the template endpoints: the texts of emails and text messages. The defaults are the same
 * in every sandbox. Only changed templates have a row, which is removed when the template is
 * reverted.
 */
public final class EmailTemplates {
  private static final long DEFAULTS_SINCE = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
  private static final Set<String> TYPES = Set.of("email", "sms");

  private static final List<String> NAMES =
      List.of("name", "subject", "markup", "from_email_name", "reply_to_email_name");

  private static final Pattern VARIABLE = Pattern.compile("\\{\\{ *([\\w.]+) *}}");

  /** The values of variables in a preview. */
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "action_url", "https://accounts.sandbox.invalid/example",
          "app.name", "Example App",
          "inviter_name", "Ada Lovelace",
          "magic_link", "https://accounts.sandbox.invalid/example",
          "org.name", "Example Organization",
          "otp_code", "424242");

  private final HandlerContext context;
  private final Table changed;

  public EmailTemplates(HandlerContext context) {
    this.context = context;
    this.changed = context.table(ObjectKind.TEMPLATE);
  }

  public void register(Routes routes) {
    routes
        .on("GET /templates/{template_type}", this::list)
        .on("GET /templates/{template_type}/{slug}", request -> current(find(request)))
        .on("PUT /templates/{template_type}/{slug}", this::update)
        .on("POST /templates/{template_type}/{slug}/revert", this::revert)
        .on("POST /templates/{template_type}/{slug}/preview", this::preview)
        .on("POST /templates/{template_type}/{slug}/toggle_delivery", this::toggleDelivery);
  }

  private JsonNode list(ApiRequest request) {
    String type = type(request);
    return context.page(
        request,
        DefaultTemplate.ALL.stream()
            .filter(template -> template.type().equals(type))
            .map(this::current)
            .toList());
  }

  private JsonNode update(ApiRequest request) {
    DefaultTemplate template = find(request);
    return change(
        template,
        row -> {
          for (String field : NAMES) {
            boolean applies = template.isEmail() || field.equals("name");
            if (request.has(field) && applies) {
              row.put(field, request.text(field));
            }
          }
          if (request.has("body")) {
            row.put("body", body(template, request.field("body")));
          }
          if (request.has("delivered_by_clerk")) {
            row.put("delivered_by_clerk", request.flag("delivered_by_clerk", true));
          }
        });
  }

  /** Checks that a body can be sent, and returns it. */
  private static String body(DefaultTemplate template, String body) {
    if (!template.isEmail() && !body.equals(template.body())) {
      throw ApiError.of(
          400,
          "template_body_modification_restricted",
          "The body of a text message cannot be changed.");
    }
    if (VARIABLE.matcher(body).replaceAll("").contains("{{")) {
      throw ApiError.invalid(
          "invalid_template_body", "body", "body has {{ without a variable and }} after it.");
    }
    String required = template.requiredVariable();
    if (VARIABLE.matcher(body).results().noneMatch(found -> found.group(1).equals(required))) {
      throw ApiError.invalid(
          "required_variable_missing", "body", "body must contain the variable {{%s}}.", required);
    }
    return body;
  }

  private JsonNode revert(ApiRequest request) {
    DefaultTemplate template = find(request);
    if (changed.find(id(template)) == null) {
      throw ApiError.of(
          400, "template_revert_error", "The template has its default text; nothing to revert.");
    }
    changed.remove(id(template));
    return current(template);
  }

  private JsonNode preview(ApiRequest request) {
    DefaultTemplate template = find(request);
    ObjectNode current = current(template);
    ObjectNode preview = Json.object();
    for (String field : List.of("subject", "body")) {
      String text = request.has(field) ? request.text(field) : current.path(field).asText(null);
      preview.put(field, text == null ? null : filledIn(text));
    }
    for (String sender : List.of("from_email", "reply_to_email")) {
      String name = request.text(sender + "_name");
      String local = name == null ? current.path(sender + "_name").asText() : name;
      preview.put(sender + "_address", local.isEmpty() ? null : local + "@sandbox.invalid");
    }
    return preview;
  }

  private static String filledIn(String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(EXAMPLES.getOrDefault(found.group(1), "")));
  }

  private JsonNode toggleDelivery(ApiRequest request) {
    return change(
        find(request),
        row ->
            row.put(
                "delivered_by_clerk",
                request.flag("delivered_by_clerk", !row.path("delivered_by_clerk").asBoolean())));
  }

  private ObjectNode change(DefaultTemplate template, Consumer<ObjectNode> change) {
    String id = id(template);
    if (changed.find(id) == null) {
      changed.add(
          current(template)
              .put("resource_type", "user")
              .put("can_revert", true)
              .put("instance_id", HandlerContext.INSTANCE_ID)
              .put("created_at", context.now()));
    }
    return changed.change(id, change);
  }

  private static DefaultTemplate find(ApiRequest request) {
    String type = type(request);
    String slug = request.variable("slug");
    return DefaultTemplate.ALL.stream()
        .filter(template -> template.type().equals(type) && template.slug().equals(slug))
        .findFirst()
        .orElseThrow(() -> ApiError.notFound("template", slug));
  }

  private static String type(ApiRequest request) {
    String type = request.variable("template_type");
    if (!TYPES.contains(type)) {
      throw ApiError.of(
          400, "template_type_unsupported", "template_type must be email or sms in the path.");
    }
    return type;
  }

  /** The id of a template, the same in every sandbox. */
  private static String id(DefaultTemplate template) {
    return ObjectKind.TEMPLATE.prefix() + template.type() + "_" + template.slug();
  }

  private ObjectNode current(DefaultTemplate template) {
    ObjectNode row = changed.find(id(template));
    return row == null ? unchanged(template) : row;
  }

  private ObjectNode unchanged(DefaultTemplate template) {
    ObjectNode row =
        context
            .template("Template")
            .put("id", id(template))
            .put("resource_type", "system")
            .put("template_type", template.type())
            .put("name", template.name())
            .put("slug", template.slug())
            .put("position", DefaultTemplate.ALL.indexOf(template))
            .put("can_edit_body", template.isEmail())
            .put("subject", template.subject())
            .put("markup", template.isEmail() ? template.body() : "")
            .put("body", template.body())
            .put("delivered_by_clerk", true)
            .put("enabled", true)
            .put("created_at", DEFAULTS_SINCE)
            .put("updated_at", DEFAULTS_SINCE);
    if (template.isEmail()) {
      row.put("from_email_name", "notifications");
    }
    ArrayNode available = row.putArray("available_variables");
    template.variables().forEach(available::add);
    row.putArray("required_variables").add(template.requiredVariable());
    return row;
  }

  /**
   * A default template.
   *
   * @param type email or sms
   * @param subject null in a text message
   * @param variables the variables that the body may contain; it must contain the first one
   */
  private record DefaultTemplate(
      String type,
      String slug,
      String name,
      @Nullable String subject,
      String body,
      List<String> variables) {
    static final List<DefaultTemplate> ALL =
        List.of(
            email(
                "verification_code",
                "Verification code",
                "{{otp_code}} opens {{app.name}}",
                "Type {{otp_code}} to go on to {{app.name}}.",
                List.of("otp_code", "app.name")),
            email(
                "magic_link_sign_in",
                "Sign-in link",
                "Your way into {{app.name}}",
                "Follow {{magic_link}} to sign in to {{app.name}}.",
                List.of("magic_link", "app.name")),
            email(
                "reset_password_code",
                "Code for a new password",
                "A new password for {{app.name}}",
                "Type {{otp_code}} to choose a new password for {{app.name}}.",
                List.of("otp_code", "app.name")),
            email(
                "invitation",
                "Invitation",
                "Come to {{app.name}}",
                "There is a place for you at {{app.name}}: {{action_url}}",
                List.of("action_url", "app.name")),
            email(
                "waitlist_invitation",
                "Invitation from the waitlist",
                "It is your turn at {{app.name}}",
                "Thank you for waiting. {{app.name}} is open to you: {{action_url}}",
                List.of("action_url", "app.name")),
            email(
                "organization_invitation",
                "Invitation to an organization",
                "Join {{org.name}}",
                "{{inviter_name}} would like to have you in {{org.name}}: {{action_url}}",
                List.of("action_url", "org.name", "inviter_name", "app.name")),
            sms(
                "verification_code",
                "Verification code",
                "{{otp_code}} is the code for {{app.name}}.",
                List.of("otp_code", "app.name")),
            sms(
                "reset_password_code",
                "Code for a new password",
                "{{otp_code}} lets you choose a new password for {{app.name}}.",
                List.of("otp_code", "app.name")),
            sms(
                "invitation",
                "Invitation",
                "Come to {{app.name}}: {{action_url}}",
                List.of("action_url", "app.name")));

    private static DefaultTemplate email(
        String slug, String name, String subject, String body, List<String> variables) {
      return new DefaultTemplate("email", slug, name, subject, body, variables);
    }

    private static DefaultTemplate sms(
        String slug, String name, String body, List<String> variables) {
      return new DefaultTemplate("sms", slug, name, null, body, variables);
    }

    boolean isEmail() {
      return type.equals("email");
    }

    /** The variable that the body must contain. */
    String requiredVariable() {
      return variables.get(0);
    }
  }
}
