package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.transport.jsonrpc.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One prompt: what a person is shown of it, and what a model is told when the person picks it.
 *
 * @param text names tools, and arguments in braces
 */
record Prompt(
    String name, String title, String description, List<Argument> arguments, String text) {
  private static final Pattern TOOL = Pattern.compile("clerk_[a-z0-9_]+");
  private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

  Prompt {
    arguments = List.copyOf(arguments);
  }

  /** What a person fills in; always text. */
  record Argument(String name, String description, boolean required) {}

  /** The names of the tools that the text tells to call. */
  Set<String> tools() {
    Set<String> tools = new TreeSet<>();
    Matcher matcher = TOOL.matcher(text);
    while (matcher.find()) {
      tools.add(matcher.group());
    }
    return tools;
  }

  @Nullable Argument find(String argument) {
    for (Argument known : arguments) {
      if (known.name().equals(argument)) {
        return known;
      }
    }
    return null;
  }

  /** The complaint about a name that no argument has. */
  InvalidParamsException unknownArgument(String argument) {
    return new InvalidParamsException(
        "%s is no argument of %s; there are %s"
            .formatted(
                QuotedText.plain(argument),
                name,
                String.join(", ", arguments.stream().map(Argument::name).toList())));
  }

  /**
   * The text with values in it. A line that would need one that is not given is left out.
   *
   * @param values by argument, each as it is to stand there
   */
  String filled(Map<String, String> values) {
    StringBuilder filled = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      Matcher places = PLACE.matcher(line);
      if (places.results().allMatch(place -> values.containsKey(place.group(1)))) {
        String with =
            places.replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
        filled.append(filled.isEmpty() ? "" : "\n").append(with);
      }
    }
    return filled.toString();
  }

  /** As {@code prompts/list} shows it. */
  String json() {
    StringBuilder json = new StringBuilder(512);
    json.append("{\"name\":").append(RawJson.quote(name));
    json.append(",\"title\":").append(RawJson.quote(title));
    json.append(",\"description\":").append(RawJson.quote(description));
    json.append(",\"arguments\":[");
    String comma = "";
    for (Argument argument : arguments) {
      json.append(comma).append("{\"name\":").append(RawJson.quote(argument.name()));
      json.append(",\"description\":").append(RawJson.quote(argument.description()));
      json.append(",\"required\":").append(argument.required()).append('}');
      comma = ",";
    }
    return json.append("]}").toString();
  }
}
