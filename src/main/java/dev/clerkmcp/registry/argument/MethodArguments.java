package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.SnakeCase;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a tool method, and their conversion between the caller's JSON and Java. */
public final class MethodArguments {
  private final Method method;
  private final Set<String> pathVariables;
  private final boolean inQuery;
  private final ArgumentSchema schema;

  /**
   * Parses the parameters of a method.
   *
   * @param pathVariables the names of the arguments in the path
   * @param inQuery whether lists become repeated query keys
   * @throws IllegalStateException if an argument has no {@link Arg} or an unsupported type
   */
  public MethodArguments(Method method, Set<String> pathVariables, boolean inQuery) {
    this.method = method;
    this.pathVariables = pathVariables;
    this.inQuery = inQuery;
    List<Argument> all = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      Class<?> group = findGroup(parameter);
      if (group == null) {
        all.add(argument(name(parameter), parameter.getAnnotatedType(), parameter, true));
      } else {
        all.addAll(components(group, parameter.getType() == PartialUpdate.class));
      }
    }
    this.schema = new ArgumentSchema(all);
  }

  public ArgumentSchema schema() {
    return schema;
  }

  /** Converts the arguments of a call in Java to JSON; a Java null is an absent argument. */
  public ObjectNode toJson(Object[] values) {
    ObjectNode result = Json.object();
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (values[i] instanceof PartialUpdate<?> update) {
        result.setAll(update.json());
      } else if (values[i] != null) {
        add(result, parameters[i], Json.MAPPER.valueToTree(values[i]));
      }
    }
    return result;
  }

  /** Converts the arguments of a tool call to Java; an absent argument is a Java null. */
  public @Nullable Object[] fromJson(ObjectNode arguments) {
    Parameter[] parameters = method.getParameters();
    @Nullable Object[] values = new @Nullable Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      values[i] = fromJson(parameters[i], arguments);
    }
    return values;
  }

  private static void add(ObjectNode result, Parameter parameter, JsonNode value) {
    if (findGroup(parameter) == null) {
      result.set(name(parameter), value);
      return;
    }
    value
        .properties()
        .forEach(
            component -> {
              if (!component.getValue().isNull()) {
                result.set(component.getKey(), component.getValue());
              }
            });
  }

  private @Nullable Object fromJson(Parameter parameter, ObjectNode arguments) {
    Class<?> group = findGroup(parameter);
    if (group != null && parameter.getType() == PartialUpdate.class) {
      ObjectNode update = Json.object();
      for (Argument component : components(group, true)) {
        if (arguments.has(component.name())) {
          update.set(component.name(), arguments.get(component.name()));
        }
      }
      return new PartialUpdate<>(update);
    }
    JsonNode value = group == null ? arguments.get(name(parameter)) : arguments;
    if (value == null) {
      return null;
    }
    JavaType type = Json.MAPPER.constructType(parameter.getParameterizedType());
    try {
      return Json.MAPPER.convertValue(value, type);
    } catch (IllegalArgumentException e) { // such as a number too large for an int
      throw InvalidArgumentsException.of(name(parameter), "cannot be used as it is");
    }
  }

  /**
   * The arguments that the components of a record declare, those of unwrapped records included.
   *
   * @param keepsNull whether an explicit null is kept, so that it can clear a value
   */
  private List<Argument> components(Class<?> type, boolean keepsNull) {
    List<Argument> all = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        all.addAll(components(component.getType(), keepsNull));
        continue;
      }
      String name = name(component.getName(), component.getAccessor());
      all.add(argument(name, component.getAnnotatedType(), component, keepsNull));
    }
    return all;
  }

  private Argument argument(
      String name, AnnotatedType type, AnnotatedElement element, boolean keepsNull) {
    Arg arg = element.getAnnotation(Arg.class);
    if (arg == null) {
      throw new IllegalStateException("Argument '" + name + "' of " + method + " needs @Arg");
    }
    return new Argument(
        name,
        type(name, type, element, arg),
        arg.value(),
        !type.isAnnotationPresent(Nullable.class),
        keepsNull && arg.clearable(),
        arg.secret(),
        !arg.rare(),
        false,
        arg.storedAt(),
        "");
  }

  private ArgumentType type(
      String name, AnnotatedType annotated, AnnotatedElement element, Arg arg) {
    Time time = element.getAnnotation(Time.class);
    if (time != null) {
      return timeType(name, annotated.getType(), time);
    }
    if (annotated.getType() == String.class && element.isAnnotationPresent(Image.class)) {
      return new ArgumentType.ImagePath();
    }
    ArgumentType type = type(annotated, arg, pathVariables.contains(name));
    return arg.email() ? ofEmail(type) : type;
  }

  private static ArgumentType ofEmail(ArgumentType type) {
    if (type instanceof ArgumentType.Items list) {
      return new ArgumentType.Items(ofEmail(list.item()), list.min(), list.max(), list.inQuery());
    }
    return type instanceof ArgumentType.Text ? new ArgumentType.Email() : type;
  }

  private ArgumentType timeType(String name, Type type, Time time) {
    if (type != long.class && type != Long.class && type != String.class) {
      throw new IllegalStateException(
          "Argument '%s' of %s is a @Time and must be a Long or a String".formatted(name, method));
    }
    return new TimeType(type != String.class, time.ahead());
  }

  private ArgumentType type(AnnotatedType annotated, Arg arg, boolean inPath) {
    Type type = annotated.getType();
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      AnnotatedType item =
          ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[0];
      return new ArgumentType.Items(
          plainType(item.getType(), false), arg.min(), arg.max(), inQuery);
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return new ArgumentType.Whole(arg.min(), arg.max(), arg.clamped());
    }
    if (type == String.class) {
      return new ArgumentType.Text(inPath, arg.min(), arg.max());
    }
    return plainType(type, inPath);
  }

  /** A type without bounds. */
  private ArgumentType plainType(Type type, boolean inPath) {
    if (type instanceof Class<?> c && c.isRecord()) {
      return new ArgumentType.Fields(new ArgumentSchema(components(c, false)));
    }
    if (type instanceof Class<?> c && c.isEnum()) {
      return new ArgumentType.Choice(words(c));
    }
    if (type == String.class) {
      return new ArgumentType.Text(inPath, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == boolean.class || type == Boolean.class) {
      return new ArgumentType.Flag();
    }
    if (type == double.class || type == Double.class) {
      return new ArgumentType.Decimal();
    }
    if (type == ObjectNode.class) {
      return new ArgumentType.FreeObject();
    }
    throw new IllegalStateException("Unsupported argument type " + type + " in " + method);
  }

  /** The JSON names of the constants of an enum, in order. */
  private static List<String> words(Class<?> type) {
    List<String> words = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (field.isEnumConstant()) {
        JsonProperty explicit = field.getAnnotation(JsonProperty.class);
        words.add(explicit == null ? field.getName() : explicit.value());
      }
    }
    return words;
  }

  /** The name of the argument in JSON. */
  public static String name(Parameter parameter) {
    return name(parameter.getName(), parameter);
  }

  /** The name in snake_case, or that of Jackson's annotation where Java reserves the word. */
  private static String name(String javaName, AnnotatedElement element) {
    JsonProperty explicit = element.getAnnotation(JsonProperty.class);
    return explicit == null ? SnakeCase.of(javaName) : explicit.value();
  }

  /** The record whose components are arguments of the tool itself, or null for a plain argument. */
  private static @Nullable Class<?> findGroup(Parameter parameter) {
    if (parameter.isAnnotationPresent(Arg.class)) {
      return null;
    }
    if (parameter.getParameterizedType() instanceof ParameterizedType generic
        && generic.getRawType() == PartialUpdate.class) {
      if (generic.getActualTypeArguments()[0] instanceof Class<?> type && type.isRecord()) {
        return type;
      }
      throw new IllegalStateException(parameter + " must be PartialUpdate of a record");
    }
    return parameter.getType().isRecord() ? parameter.getType() : null;
  }
}
