package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns annotated methods into tools. An abstract method is served by calling Clerk at its {@link
 * Route}; a method with a body is served by running it. Every mistake in a declaration is an {@link
 * IllegalStateException} that names the method.
 */
public final class ToolRegistryBuilder {
  private final SortedMap<String, ToolDefinition> tools = new TreeMap<>();
  private final Map<String, String> groups = new LinkedHashMap<>();
  private final Map<Endpoint, @Nullable Secret> readings = new HashMap<>();
  private final List<ToolMethod> operations = new ArrayList<>();
  private final Lazy<Map<String, OperationFacts>> facts = new Lazy<>(this::readFacts);
  private final EndpointProxies proxies = new EndpointProxies(this::built);
  private final List<View> views = new ArrayList<>();
  private volatile @Nullable ToolRegistry built;

  /** Registers the tools of an interface. */
  public void addEndpoints(Class<?> type) {
    Map<Method, ToolMethod> declarations = declarations(type);
    openGroup(type);
    views.addAll(List.of(type.getAnnotationsByType(View.class)));
    for (ToolMethod declaration : declarations.values()) {
      add(declaration, type, endpointHandler(declaration));
      Endpoint endpoint = declaration.endpoint();
      if (endpoint != null) {
        operations.add(declaration);
        if (endpoint.method().equals("GET")) {
          readings.put(endpoint, declaration.method().getAnnotation(Secret.class));
        }
      }
    }
    proxies.add(type, declarations);
  }

  /**
   * An implementation of an interface whose tools are registered, for composed tools to call.
   *
   * @throws IllegalStateException if they are not
   */
  public <T> T endpoints(Class<T> type) {
    return proxies.of(type);
  }

  /**
   * Registers the tools of a class whose methods have bodies. Its object is made when one of them
   * is first called, with the registered endpoints that its constructor takes and these parts.
   */
  public void addComposed(Class<?> type, Object... parts) {
    addComposed(type, new Lazy<>(new WorkflowFactory(type, proxies, List.of(parts))));
  }

  /** Registers the tools of an object whose methods have bodies. */
  public void addObject(Object tools) {
    Class<?> type = tools.getClass();
    for (ToolMethod declaration : declarations(type).values()) {
      if (!declaration.method().canAccess(tools)) {
        throw new IllegalStateException(
            declaration.method() + " cannot be called; it and its class must be public");
      }
    }
    addComposed(type, () -> tools);
  }

  private void addComposed(Class<?> type, Supplier<Object> tools) {
    openGroup(type);
    for (ToolMethod declaration : declarations(type).values()) {
      add(declaration, type, composedHandler(declaration, tools));
    }
  }

  /** The tools so far, by name. */
  public Collection<ToolDefinition> tools() {
    return Collections.unmodifiableCollection(tools.values());
  }

  /** The endpoints so far that read, with what is secret in their answers. */
  public Map<Endpoint, @Nullable Secret> readings() {
    return Collections.unmodifiableMap(readings);
  }

  /** What is known of every operation, by route; read when it is first asked for. */
  public Map<String, OperationFacts> facts() {
    return facts.get();
  }

  private Map<String, OperationFacts> readFacts() {
    SortedMap<String, OperationFacts> byRoute = new TreeMap<>();
    for (ToolMethod operation : operations) {
      OperationFacts read = operation.facts();
      byRoute.put(read.endpoint().route(), read);
    }
    return Collections.unmodifiableMap(byRoute);
  }

  /** How the objects are shown that the tools so far answer. */
  public List<View> views() {
    return Collections.unmodifiableList(views);
  }

  /** The finished registry, in which every tool can be called and nothing guards it. */
  public ToolRegistry build(ClerkClient clerk) {
    return build(ClerkInstances.of(clerk), List.of());
  }

  /**
   * The finished registry.
   *
   * @param guards in the order in which they are asked
   */
  public ToolRegistry build(ClerkInstances instances, List<ToolInterceptor> guards) {
    ToolRegistry registry = new ToolRegistry(tools, groups, instances, guards);
    built = registry;
    return registry;
  }

  /**
   * What was built, for tools that run others.
   *
   * @throws IllegalStateException if nothing was yet
   */
  public ToolRegistry built() {
    ToolRegistry registry = built;
    if (registry == null) {
      throw new IllegalStateException("The registry is not built yet");
    }
    return registry;
  }

  /** A group has one description; who gives none joins a group that is open. */
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

  private static Map<Method, ToolMethod> declarations(Class<?> type) {
    Map<Method, ToolMethod> declarations = new HashMap<>();
    for (Method method : type.getDeclaredMethods()) {
      ToolMethod declaration = ToolMethod.find(method);
      if (declaration != null) {
        declarations.put(method, declaration);
      }
    }
    return declarations;
  }

  private void add(ToolMethod declaration, Class<?> type, ToolHandler handler) {
    Tool tool = declaration.tool();
    if (tool == null) {
      return;
    }
    Description description = declaration.method().getAnnotation(Description.class);
    if (description == null) {
      throw new IllegalStateException(declaration.method() + " needs @Description");
    }
    ToolDefinition definition =
        new ToolDefinition(
            tool.name(),
            tool.title(),
            description.value(),
            group(type).id(),
            tool.core(),
            tool.effect(),
            tool.openWorld(),
            List.of(tool.aliases()),
            declaration
                .signature()
                .properties()
                .with(CallOptions.of(tool.effect(), declaration.isListing())),
            declaration.isListing(),
            declaration.endpoint(),
            handler);
    if (tools.put(tool.name(), definition) != null) {
      throw new IllegalStateException("Two tools are named " + tool.name());
    }
  }

  private ToolHandler endpointHandler(ToolMethod declaration) {
    return run -> toJson(proxies.answer(declaration, run.arguments(), run));
  }

  private static ToolHandler composedHandler(ToolMethod declaration, Supplier<Object> target) {
    return run -> {
      try {
        Object[] values = declaration.signature().fromJson(run.arguments());
        return toJson(declaration.method().invoke(target.get(), values));
      } catch (InvocationTargetException e) {
        throw rethrown(e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static JsonNode toJson(Object answer) {
    return answer instanceof ListPage listing ? listing.toJson() : (JsonNode) answer;
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }
}
