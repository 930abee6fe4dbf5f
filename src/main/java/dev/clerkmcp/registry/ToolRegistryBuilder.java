package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns annotated methods into tools. An abstract method is served by a request to its {@link
 * Route}; a method with a body is served by running it. A mistake in a declaration is an {@link
 * IllegalStateException} that names the method.
 */
public final class ToolRegistryBuilder {
  private final SortedMap<String, ToolDefinition> tools = new TreeMap<>();
  private final Map<String, String> groups = new LinkedHashMap<>();
  private final Map<Endpoint, OperationFacts.Reading> readEndpoints = new HashMap<>();
  private final SortedMap<String, ToolMethod> operations = new TreeMap<>();
  private final Lazy<Map<String, OperationFacts>> facts = new Lazy<>(this::readFacts);
  private final EndpointProxies proxies = new EndpointProxies(this::built);
  private final List<View> views = new ArrayList<>();
  private volatile @Nullable ToolRegistry built;

  /** Registers the tools of an interface. */
  public void addEndpoints(Class<?> type) {
    Map<Method, ToolMethod> methods = methods(type);
    openGroup(type);
    views.addAll(List.of(type.getAnnotationsByType(View.class)));
    for (ToolMethod method : methods.values()) {
      add(method, type, endpointHandler(method));
      Endpoint endpoint = method.endpoint();
      if (endpoint != null) {
        operations.put(endpoint.route(), method);
        if (endpoint.method().equals("GET") && method.effect().readOnly()) {
          readEndpoints.put(endpoint, OperationFacts.Reading.of(method));
        }
      }
    }
    proxies.add(type, methods);
  }

  /**
   * Registers the tools of a class whose methods have bodies. At the first call of one of them, its
   * only constructor is called with the registered endpoints and the parts that it takes.
   */
  public void addComposed(Class<?> type, Object... parts) {
    addComposed(type, new Lazy<>(new WorkflowFactory(type, proxies, List.of(parts))));
  }

  /** Registers the tools of an object whose methods have bodies. */
  public void addObject(Object tools) {
    Class<?> type = tools.getClass();
    for (ToolMethod method : methods(type).values()) {
      if (!method.method().canAccess(tools)) {
        throw new IllegalStateException(
            method.method() + " cannot be called; it and its class must be public");
      }
    }
    addComposed(type, () -> tools);
  }

  private void addComposed(Class<?> type, Supplier<Object> tools) {
    openGroup(type);
    for (ToolMethod method : methods(type).values()) {
      add(method, type, composedHandler(method, tools));
    }
  }

  /**
   * An object without tools that calls registered endpoints; created at the first access, like
   * those of {@link #addComposed}.
   */
  public <T> Supplier<T> part(Class<T> type) {
    WorkflowFactory factory = new WorkflowFactory(type, proxies, List.of());
    return new Lazy<>(() -> type.cast(factory.get()));
  }

  /** The tools registered so far, by name. */
  public Collection<ToolDefinition> tools() {
    return Collections.unmodifiableCollection(tools.values());
  }

  /**
   * The endpoints registered so far that only read; none that reveals a credential, since a look-up
   * before a call must not do what the call is asked about.
   */
  public Map<Endpoint, OperationFacts.Reading> readEndpoints() {
    return Collections.unmodifiableMap(readEndpoints);
  }

  /** The facts of every operation, by route; computed at first use. */
  public Map<String, OperationFacts> facts() {
    return facts.get();
  }

  private Map<String, OperationFacts> readFacts() {
    SortedMap<String, OperationFacts> byRoute = new TreeMap<>();
    operations.forEach((route, operation) -> byRoute.put(route, operation.facts()));
    return Collections.unmodifiableMap(byRoute);
  }

  /** The views of the interfaces registered so far. */
  public List<View> views() {
    return Collections.unmodifiableList(views);
  }

  /** The finished registry. */
  public ToolRegistry build(ClerkInstances instances, Interceptors interceptors) {
    ToolRegistry registry = new ToolRegistry(tools, groups, instances, interceptors);
    built = registry;
    return registry;
  }

  /**
   * The finished registry, for tools that run other tools.
   *
   * @throws IllegalStateException if it is not built yet
   */
  public ToolRegistry built() {
    ToolRegistry registry = built;
    if (registry == null) {
      throw new IllegalStateException("The registry is not built yet");
    }
    return registry;
  }

  /** The first type of a group describes it; a type without description joins an open group. */
  private void openGroup(Class<?> type) {
    ToolGroup group = group(type);
    boolean open = groups.containsKey(group.id());
    if (group.description().isEmpty()) {
      if (!open) {
        throw new IllegalStateException(type + " opens a group and needs its description");
      }
      return;
    }
    if (open) {
      throw new IllegalStateException("Two groups are named " + group.id());
    }
    groups.put(group.id(), group.description());
  }

  private static ToolGroup group(Class<?> type) {
    ToolGroup group = type.getAnnotation(ToolGroup.class);
    if (group == null) {
      throw new IllegalStateException(type + " needs @ToolGroup");
    }
    return group;
  }

  private static Map<Method, ToolMethod> methods(Class<?> type) {
    Map<Method, ToolMethod> methods = new HashMap<>();
    for (Method method : type.getDeclaredMethods()) {
      ToolMethod parsed = ToolMethod.find(method);
      if (parsed != null) {
        methods.put(method, parsed);
      }
    }
    return methods;
  }

  private void add(ToolMethod method, Class<?> type, ToolDefinition.Handler handler) {
    Tool tool = method.tool();
    if (tool == null) {
      return;
    }
    Description description = method.method().getAnnotation(Description.class);
    if (description == null) {
      throw new IllegalStateException(method.method() + " needs @Description");
    }
    List<Risky> risks = risks(method);
    ArgumentSchema declared = method.arguments().schema();
    ArgumentSchema own = tool.effect() == Effect.CREATE ? declared : declared.withParts();
    ToolDefinition definition =
        new ToolDefinition(
            tool.name(),
            tool.title(),
            description.value(),
            group(type).id(),
            tool.core(),
            tool.alwaysLoad(),
            tool.searchHint(),
            tool.effect(),
            risks,
            certain(method, risks),
            tool.openWorld(),
            tool.needsInstance(),
            List.of(tool.aliases()),
            own.with(
                CallOptions.of(
                    tool.effect(),
                    isConfirmable(method, risks),
                    method.isListing(),
                    tool.where(),
                    own.clearableNames())),
            method.isListing(),
            method.endpoint(),
            handler);
    if (tools.put(tool.name(), definition) != null) {
      throw new IllegalStateException("Two tools are named " + tool.name());
    }
  }

  /** The risks of the operations that a tool can send. */
  private List<Risky> risks(ToolMethod method) {
    Stream<ToolMethod> sent =
        method.endpoint() == null
            ? Arrays.stream(sends(method)).map(this::operation)
            : Stream.of(method);
    return sent.flatMap(
            operation -> Arrays.stream(operation.method().getAnnotationsByType(Risky.class)))
        .toList();
  }

  /** The risks of every call; the arguments of a composed tool decide which requests it sends. */
  private static SortedSet<Risk> certain(ToolMethod method, List<Risky> risks) {
    Tool tool = method.tool();
    return method.endpoint() == null && tool != null
        ? new TreeSet<>(List.of(tool.always()))
        : OperationFacts.certain(risks.stream().filter(Risky::asked).toList());
  }

  private static String[] sends(ToolMethod method) {
    Tool tool = method.tool();
    return tool == null ? new String[0] : tool.sends();
  }

  private ToolMethod operation(String route) {
    ToolMethod operation = operations.get(route);
    if (operation == null) {
      throw new IllegalStateException("No interface that is registered before declares " + route);
    }
    return operation;
  }

  /** Whether a person may be asked about a call; of a composed tool, its requests decide. */
  private static boolean isConfirmable(ToolMethod method, List<Risky> risks) {
    boolean composed = method.endpoint() == null && !method.effect().readOnly();
    return composed || method.effect().destructive() || !risks.isEmpty();
  }

  private ToolDefinition.Handler endpointHandler(ToolMethod method) {
    return context -> toJson(proxies.call(method, context.arguments(), context));
  }

  private static ToolDefinition.Handler composedHandler(
      ToolMethod method, Supplier<Object> object) {
    return context -> {
      try {
        Object[] values = method.arguments().fromJson(context.arguments());
        return toJson(method.method().invoke(object.get(), values));
      } catch (InvocationTargetException e) {
        throw unchecked(e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static JsonNode toJson(Object answer) {
    return answer instanceof ListPage page ? page.toJson() : (JsonNode) answer;
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }
}
