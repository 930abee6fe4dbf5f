package dev.clerkmcp.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the instances from the JSON file in {@link Setting#INSTANCES}. Members missing in the file
 * fall back to the general settings.
 */
public final class InstancesConfig {
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final String NAME = "name";
  private static final String KEY = "key";
  private static final String KEY_FILE = "key_file";
  private static final String DEFAULT = "default";

  /** The members that replace a setting for one instance. */
  private static final Map<String, Setting> SETTINGS =
      new TreeMap<>(
          Map.of(
              "access", Setting.ACCESS,
              "allow_irreversible", Setting.ALLOW_IRREVERSIBLE,
              "toolsets", Setting.TOOLSETS));

  private final Environment environment;
  private final Path file;

  private InstancesConfig(Environment environment, Path file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * An instance of the file.
   *
   * @param byDefault whether calls that name no instance go to this one
   */
  public record Named(String name, SecretKey key, ToolFilter tools, boolean byDefault) {}

  /** Reads the instances; the list is empty if no file is set, or if the file is unusable. */
  static List<Named> from(Environment environment) {
    if (!environment.isSet(Setting.INSTANCES)) {
      return List.of();
    }
    for (Setting other : List.of(Setting.SECRET_KEY, Setting.SECRET_KEY_FILE, Setting.SANDBOX)) {
      if (other == Setting.SANDBOX ? environment.isOn(other) : environment.isSet(other)) {
        environment.mistake(
            "%s names the instances, so %s has no place beside it; remove one of them."
                .formatted(Setting.INSTANCES, environment.origin(other)));
      }
    }
    Path file = environment.path(Setting.INSTANCES);
    return file == null ? List.of() : new InstancesConfig(environment, file).instances();
  }

  /** The tools that are on for at least one of the instances. */
  static ToolFilter tools(List<Named> instances) {
    if (instances.size() == 1) {
      return instances.get(0).tools(); // calls need no instance argument
    }
    Map<String, ToolFilter> filters = new LinkedHashMap<>();
    for (Named instance : instances) {
      filters.put(instance.name(), instance.tools());
    }
    return ToolFilter.union(filters);
  }

  private List<Named> instances() {
    JsonNode json = json();
    if (json == null) {
      return List.of();
    }
    if (!json.isArray() || json.isEmpty()) {
      reject("it must hold a list, such as [{\"name\": \"staging\", \"key\": \"sk_test_...\"}]");
      return List.of();
    }
    List<Named> instances = new ArrayList<>();
    Set<String> names = new HashSet<>();
    boolean marked = false;
    for (int i = 0; i < json.size(); i++) {
      Named instance = instance(json.get(i), i + 1);
      if (instance == null) {
        continue;
      }
      if (!names.add(instance.name())) {
        reject("it has two instances named %s".formatted(instance.name()));
      }
      if (instance.byDefault() && marked) {
        reject("it marks two instances as default");
      }
      marked |= instance.byDefault();
      instances.add(instance);
    }
    return marked ? instances : withDefault(instances);
  }

  /**
   * Chooses the default if no instance is marked: the first that is not live; a single instance
   * always becomes the default. A call that names none of several instances must never reach a live
   * one by chance.
   */
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

  /**
   * Reads an instance. Null if a mistake makes the instance unusable: it is not an object, or has
   * no valid name or key.
   */
  private @Nullable Named instance(JsonNode json, int number) {
    if (!json.isObject()) {
      reject("instance %s must be an object with name and key or key_file".formatted(number));
      return null;
    }
    rejectUnknown(json, number);
    String name = json.path(NAME).asText();
    boolean named = json.path(NAME).isTextual() && name.matches("[a-z0-9][a-z0-9_-]{0,39}");
    if (!named) {
      reject(
          "instance %s needs a name of lower-case letters, digits, - and _, 40 at most"
              .formatted(number));
    }
    String called = named ? name : "instance " + number;
    JsonNode byDefault = json.path(DEFAULT);
    if (!byDefault.isMissingNode() && !byDefault.isBoolean()) {
      reject("default of %s must be true or false".formatted(called));
    }
    SecretKey key = key(json, called);
    ToolFilter tools = tools(json, called, key);
    return named && key != null ? new Named(name, key, tools, byDefault.asBoolean()) : null;
  }

  private void rejectUnknown(JsonNode json, int number) {
    Set<String> known = new HashSet<>(SETTINGS.keySet());
    known.addAll(List.of(NAME, KEY, KEY_FILE, DEFAULT));
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (!known.contains(member.getKey())) {
        reject(
            "instance %s has the unknown member %s%s"
                .formatted(
                    number,
                    QuotedText.plain(member.getKey()),
                    NameSuggestions.hint(NameSuggestions.of(member.getKey(), known, 1))));
      }
    }
  }

  private @Nullable SecretKey key(JsonNode json, String name) {
    boolean both = json.has(KEY) && json.has(KEY_FILE);
    JsonNode given = json.path(json.has(KEY) ? KEY : KEY_FILE);
    if (both || !given.isTextual()) {
      reject("%s needs key or key_file, one of them, as text".formatted(name));
      return null;
    }
    String text = json.has(KEY) ? given.textValue() : keyIn(given.textValue(), name);
    if (text == null) {
      return null;
    }
    try {
      SecretKey key = SecretKey.of(text);
      if (key.isSandbox()) {
        reject("the key of %s is for the sandbox, which is not an instance".formatted(name));
        return null;
      }
      return key;
    } catch (IllegalArgumentException e) {
      reject("the key of %s %s".formatted(name, e.getMessage()));
      return null;
    }
  }

  private @Nullable String keyIn(String keyFile, String name) {
    String problem;
    try {
      return TextFile.readTrusted(Environment.path(keyFile), ClerkConfig.MAX_KEY_BYTES);
    } catch (InvalidPathException e) {
      problem = e.getReason();
    } catch (IOException e) {
      problem = "the file %s cannot be read".formatted(QuotedText.name(keyFile));
    } catch (TextFile.UnusableFileException e) {
      problem = "the file %s %s".formatted(QuotedText.name(keyFile), e.getMessage());
    }
    reject("key_file of %s: %s".formatted(name, problem));
    return null;
  }

  private ToolFilter tools(JsonNode json, String name, @Nullable SecretKey key) {
    Environment own = environment;
    for (Map.Entry<String, Setting> setting : SETTINGS.entrySet()) {
      JsonNode value = json.path(setting.getKey());
      if (value.isMissingNode()) {
        continue;
      }
      String text = text(value);
      // Blank text would count as unset, and would undo a restriction of the environment variable.
      if (text.isBlank()) {
        reject("%s of %s must not be empty".formatted(setting.getKey(), name));
      } else {
        String place = "%s of %s in %s".formatted(setting.getKey(), name, file);
        own = own.with(setting.getValue(), text, place);
      }
    }
    return ToolFilterConfig.from(own, key);
  }

  private static String text(JsonNode value) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : value.isArray() ? value : Json.array().add(value)) {
      words.add(word.asText());
    }
    return String.join(",", words);
  }

  private @Nullable JsonNode json() {
    try {
      return TextFile.json(TextFile.readTrusted(file, MAX_FILE_BYTES));
    } catch (IOException e) {
      reject("this file cannot be read");
    } catch (TextFile.UnusableFileException e) {
      reject("this file " + e.getMessage());
    }
    return null;
  }

  private void reject(String mistake) {
    environment.reject(Setting.INSTANCES, mistake);
  }
}
