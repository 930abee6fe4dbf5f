package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.ResultFilter;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolResult;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Hides who people are from a model that need not know: names, addresses, numbers and pictures are
 * cut to what tells two of them apart. IDs stay, so that everything can still be done.
 */
public final class PiiRedactor implements ToolInterceptor, ResultFilter {
  private static final String MASK = "***";

  private static final Set<String> NAMES =
      Set.of(
          "display_name",
          "email",
          "email_address",
          "family_name",
          "first_name",
          "full_name",
          "given_name",
          "identifier",
          "last_name",
          "middle_name",
          "nickname",
          "phone",
          "phone_number",
          "preferred_username",
          "username",
          "web3_wallet");

  /** Of these not even the beginning is left. */
  private static final Set<String> HIDDEN =
      Set.of(
          "address_line1",
          "address_line2",
          "avatar_url",
          "birthdate",
          "birthday",
          "city",
          "client_ip",
          "date_of_birth",
          "dob",
          "ip",
          "ip_address",
          "last4",
          "picture",
          "postal_code",
          "profile_image_url",
          "request_originating_ip",
          "street",
          "street_address",
          "user_info",
          "zip",
          "zip_code");

  private static final String IMAGE = "image_url";

  /** The at sign may be encoded, in a URL. */
  private static final Pattern EMAIL =
      Pattern.compile(
          "([\\p{L}\\p{N}_])[\\p{L}\\p{N}._%+'-]{0,63}?(@|%40)([\\p{L}\\p{N}.-]{1,190}\\.\\p{L}{2,24})");

  /** E.164, also as people write it. */
  private static final Pattern PHONE =
      Pattern.compile(
          "(?<![\\w+])(\\+[1-9]\\d?)(?:[ ().-]{0,2}\\d){4,12}[ ().-]{0,2}(\\d\\d)(?!\\d)");

  /** A masked value, which stays as it is when it is masked again; none shows more than a mask. */
  private static final Pattern MASKED =
      Pattern.compile(
          ".\\*{3}|[\\p{L}\\p{N}_]\\*{3}(?:@|%40)[\\p{L}\\p{N}.-]{1,190}\\.\\p{L}{2,24}"
              + "|\\+[1-9]\\d?\\*{3}\\d\\d",
          Pattern.DOTALL);

  /** Sentences of this server's own, in which names stand in quotation marks. */
  private static final Set<String> SENTENCES = Set.of("also_lost", "target", "targets", "warnings");

  private static final Pattern QUOTED = Pattern.compile("\"([^\"])[^\"]*\"");

  /** An entry of a list for all addresses of a domain, which are nobody's own. */
  private static final String ANYBODY_AT = "*@";

  /** Masks Clerk's own fields, before a view renames them. */
  @Override
  public JsonNode intercept(Chain chain) {
    try {
      return masked(chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(PiiRedactor::masked);
    }
  }

  /** Masks plans, errors and notes, which do not come from a tool. */
  @Override
  public ToolResult filter(ToolResult result) {
    try {
      JsonNode masked = masked(Json.read(result.json()));
      return result.with(
          masked.toString(), result.notes().stream().map(PiiRedactor::maskedSentence).toList());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }

  /** The value with people's data shown in part only. */
  public static JsonNode masked(JsonNode value) {
    return masked(value, false);
  }

  private static JsonNode masked(JsonNode value, boolean ofOrganization) {
    if (value.isTextual()) {
      return TextNode.valueOf(masked(value.textValue()));
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(masked(item, ofOrganization)));
      return items;
    }
    if (!value.isObject()) {
      return value;
    }
    boolean organization = ofOrganization || value.path("object").asText().equals("organization");
    boolean isUser = value.path("id").asText().startsWith("user_") || value.has("user_id");
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String name = isSideOfChange(field.getKey(), value) ? lastName(value) : field.getKey();
      name = name.equals("name") && isUser ? "full_name" : name;
      fields.set(field.getKey(), field(name, field.getValue(), organization));
    }
    return fields;
  }

  /** Whether people's data in it would be shown in part only. */
  public static boolean masks(JsonNode value) {
    return !masked(value).equals(value);
  }

  /** In a row of what would change, the name of the field is a value beside its own. */
  private static boolean isSideOfChange(String name, JsonNode row) {
    return (name.equals("before") || name.equals("after")) && row.path("field").isTextual();
  }

  private static String lastName(JsonNode row) {
    String field = row.path("field").textValue();
    return field.substring(field.lastIndexOf('.') + 1);
  }

  private static JsonNode field(String name, JsonNode value, boolean ofOrganization) {
    if (SENTENCES.contains(name)) {
      return sentence(value);
    }
    if (NAMES.contains(name)) {
      return named(value);
    }
    boolean hidden = HIDDEN.contains(name) || (name.equals(IMAGE) && !ofOrganization);
    if (hidden && value.isTextual() && !value.textValue().isEmpty()) {
      return TextNode.valueOf(MASK);
    }
    return masked(value, isOfOrganization(name));
  }

  private static JsonNode sentence(JsonNode value) {
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(sentence(item)));
      return items;
    }
    return value.isTextual()
        ? TextNode.valueOf(maskedSentence(value.textValue()))
        : masked(value, false);
  }

  private static String maskedSentence(String sentence) {
    return masked(QUOTED.matcher(sentence).replaceAll("\"$1" + MASK + "\""));
  }

  private static JsonNode named(JsonNode value) {
    if (value.isTextual()) {
      return TextNode.valueOf(shortened(value.textValue()));
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(named(item)));
      return items;
    }
    return masked(value, false);
  }

  /** The organization within a membership, whose logo is nobody's face. */
  private static boolean isOfOrganization(String name) {
    return name.equals("organization") || name.equals("public_organization_data");
  }

  /** What is neither an address nor a number is cut to its first character. */
  private static String shortened(String text) {
    if (text.isEmpty() || text.startsWith(ANYBODY_AT) || MASKED.matcher(text).matches()) {
      return text;
    }
    return EMAIL.matcher(text).matches() || PHONE.matcher(text).matches()
        ? masked(text)
        : text.substring(0, text.offsetByCodePoints(0, 1)) + MASK;
  }

  private static String masked(String text) {
    String masked = text;
    if (masked.contains("@") || masked.contains("%40")) {
      masked = EMAIL.matcher(masked).replaceAll("$1***$2$3");
    }
    return masked.contains("+") ? PHONE.matcher(masked).replaceAll("$1***$2") : masked;
  }
}
