package dev.clerkmcp.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.config.InstancesConfig.Named;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Access;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.NameSuggestions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The file of instances: its form, and everything that can be wrong with it. */
final class InstancesFile {
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final String NAME = "name";
  private static final String KEY = "key";
  private static final String KEY_FILE = "key_file";
  private static final String DEFAULT = "default";

  /** What may stand in the file, with the variable that says the same for all instances. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "access", "CLERK_MCP_ACCESS",
          "allow_irreversible", "CLERK_MCP_ALLOW_IRREVERSIBLE",
          "toolsets", "CLERK_MCP_TOOLSETS");

  private final Map<String, String> environment;

  private InstancesFile(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads the file that the environment names.
   *
   * @throws ConfigException for the first mistake; the message says where it is, and never a key
   */
  static List<Named> read(Map<String, String> environment) throws ConfigException {
    String file = Config.value(environment, InstancesConfig.INSTANCES, "");
    return new InstancesFile(environment).instances(contents(file));
  }

  private List<Named> instances(String text) throws ConfigException {
    JsonNode json = json(text);
    if (!json.isArray() || json.isEmpty()) {
      throw mistake("must be a list, such as [{\"name\": \"staging\", \"key\": \"sk_test_...\"}]");
    }
    List<Named> instances = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int marked = -1;
    for (int i = 0; i < json.size(); i++) {
      Named instance = instance(json.get(i), i + 1);
      if (!names.add(instance.name())) {
        throw mistake("has two instances named %s".formatted(instance.name()));
      }
      if (instance.byDefault() && marked >= 0) {
        throw mistake("marks two instances as default");
      }
      marked = instance.byDefault() ? i : marked;
      instances.add(instance);
    }
    return marked >= 0 ? instances : withDefault(instances);
  }

  /** Unless the file says so, a call that names none of several never goes to a live one. */
  private static List<Named> withDefault(List<Named> instances) {
    for (int i = 0; i < instances.size(); i++) {
      Named instance = instances.get(i);
      if (!instance.key().isLive() || instances.size() == 1) {
        instances.set(i, new Named(instance.name(), instance.key(), instance.tools(), true));
        return instances;
      }
    }
    return instances;
  }

  private Named instance(JsonNode json, int number) throws ConfigException {
    String place = "instance %s ".formatted(number);
    if (!json.isObject()) {
      throw mistake(place + "must be an object with name and key or key_file");
    }
    Set<String> known = new HashSet<>(SETTINGS.keySet());
    known.addAll(List.of(NAME, KEY, KEY_FILE, DEFAULT));
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!known.contains(field.getKey())) {
        throw mistake(
            place
                + "has %s, which means nothing%s"
                    .formatted(
                        field.getKey(),
                        NameSuggestions.hint(NameSuggestions.of(field.getKey(), known, 1))));
      }
    }
    String name = json.path(NAME).asText();
    if (!json.path(NAME).isTextual() || !name.matches("[a-z0-9][a-z0-9_-]{0,39}")) {
      throw mistake(place + "needs a name of lower-case letters, digits, - and _, 40 at most");
    }
    SecretKey key = key(json, name);
    JsonNode byDefault = json.path(DEFAULT);
    if (!byDefault.isMissingNode() && !byDefault.isBoolean()) {
      throw mistake("default of %s must be true or false".formatted(name));
    }
    return new Named(name, key, tools(json, name, key), byDefault.asBoolean());
  }

  private static SecretKey key(JsonNode json, String name) throws ConfigException {
    boolean both = json.has(KEY) && json.has(KEY_FILE);
    JsonNode given = json.path(json.has(KEY) ? KEY : KEY_FILE);
    if (both || !given.isTextual()) {
      throw mistake("%s needs key or key_file, one of them, as text".formatted(name));
    }
    try {
      SecretKey key = SecretKey.of(json.has(KEY) ? given.textValue() : contents(given.textValue()));
      if (key.isSandbox()) {
        throw mistake("the key of %s is the sandbox's, which is no instance".formatted(name));
      }
      return key;
    } catch (IllegalArgumentException e) {
      throw mistake("the key of %s %s".formatted(name, e.getMessage()));
    }
  }

  private ToolFilter tools(JsonNode json, String name, SecretKey key) throws ConfigException {
    Map<String, String> own = new HashMap<>(environment);
    for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
      JsonNode value = json.path(setting.getKey());
      if (!value.isMissingNode()) {
        String text = text(value);
        if (text.isBlank()) { // which would count as unset, and so open what the variable closes
          throw mistake("%s of %s must not be empty".formatted(setting.getKey(), name));
        }
        own.put(setting.getValue(), text);
      }
    }
    try {
      Access access = AccessConfig.from(own, key);
      return ToolsConfig.from(own, access);
    } catch (ConfigException e) {
      throw new ConfigException(
          "%s (%s in %s)".formatted(e.getMessage(), name, InstancesConfig.INSTANCES));
    }
  }

  private static String text(JsonNode value) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : value.isArray() ? value : Json.array().add(value)) {
      words.add(word.asText());
    }
    return String.join(",", words);
  }

  private static JsonNode json(String text) throws ConfigException {
    try (JsonParser parser =
        Json.MAPPER.createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
      JsonNode json = Json.MAPPER.readTree(parser);
      return json == null ? Json.object() : json;
    } catch (JsonProcessingException e) {
      throw mistake(
          "is not JSON: line %s, column %s"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text is no file
    }
  }

  private static String contents(String file) throws ConfigException {
    try {
      Path path = Path.of(file);
      if (!Files.isRegularFile(path)) {
        throw new IOException("Not a regular file"); // to read a pipe might never end
      }
      try (InputStream in = Files.newInputStream(path)) {
        return new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8);
      }
    } catch (IOException | InvalidPathException e) {
      throw mistake(file.startsWith("sk_") ? "has a key where a file belongs" : unreadable(file));
    }
  }

  private static String unreadable(String file) {
    return "or one that it names cannot be read: " + file;
  }

  private static ConfigException mistake(String message) {
    return new ConfigException(
        "The file that %s names: %s.".formatted(InstancesConfig.INSTANCES, message));
  }
}
