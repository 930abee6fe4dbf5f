package dev.clerkmcp.registry;

import static dev.clerkmcp.registry.Effect.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Body;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the error for each wrong declaration, which names its place. */
final class ToolRegistryBuilderTest {
  private final FakeClerk clerk = FakeClerk.answering("{}");
  private final ToolRegistryBuilder registry = new ToolRegistryBuilder();

  @Test
  void interfaceOfEndpointsBelongsToGroup() {
    interface Example {}
    assertRefused(Example.class, Example.class + " needs @ToolGroup");
  }

  @Test
  void groupNeedsDescription() {
    @ToolGroup(id = "things")
    interface Example {}
    assertRefused(Example.class, Example.class + " opens a group and needs its description");
  }

  @Test
  void groupNamesAreUnique() {
    @ToolGroup(id = "things", description = "d")
    interface Example {}
    @ToolGroup(id = "things", description = "d")
    interface Other {}
    registry.addEndpoints(Example.class);
    assertRefused(Other.class, "Two groups are named things");
  }

  @Test
  void groupOfClassNeedsDescription() {
    @ToolGroup(id = "things")
    final class Example {}
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.addObject(new Example()))
        .withMessage(Example.class + " opens a group and needs its description");
  }

  @Test
  void composedToolsBelongToGroup() {
    final class Example {}
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.addObject(new Example()))
        .withMessage(Example.class + " needs @ToolGroup");
  }

  @Test
  void abstractToolHasRoute() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      JsonNode get();
    }
    assertRefused(Example.class, method(Example.class) + " must have either a @Route or a body");
  }

  @Test
  void toolWithRouteHasNoBody() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things")
      default JsonNode get() {
        return Json.object();
      }
    }
    assertRefused(Example.class, method(Example.class) + " must have either a @Route or a body");
  }

  @Test
  void everyAbstractMethodIsDeclared() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @SuppressWarnings("UnusedMethod") // read by reflection
      JsonNode get();
    }
    assertRefused(Example.class, method(Example.class) + " must have either a @Route or a body");
  }

  @Test
  void methodIsNotBothToolAndInternalEndpoint() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @InternalEndpoint(READ)
      @Description("d")
      @Route("GET /things")
      JsonNode get();
    }
    assertRefused(
        Example.class, method(Example.class) + " must be either a @Tool or an @InternalEndpoint");
  }

  @Test
  void methodWithRouteIsToolOrInternalEndpoint() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @SuppressWarnings("UnusedMethod") // read by reflection
      @Route("GET /things")
      JsonNode get();
    }
    assertRefused(
        Example.class, method(Example.class) + " must be either a @Tool or an @InternalEndpoint");
  }

  @Test
  void internalEndpointHasRoute() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @SuppressWarnings("UnusedMethod") // read by reflection
      @InternalEndpoint(READ)
      default JsonNode get() {
        return Json.object();
      }
    }
    assertRefused(
        Example.class, method(Example.class) + " is an @InternalEndpoint and needs a @Route");
  }

  @Test
  void toolIsDescribed() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Route("GET /things")
      JsonNode get();
    }
    assertRefused(Example.class, method(Example.class) + " needs @Description");
  }

  @Test
  void argumentIsDescribed() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things/{thing_id}")
      JsonNode get(String thingId);
    }
    assertRefused(Example.class, "Argument 'thing_id' of " + method(Example.class) + " needs @Arg");
  }

  @Test
  void componentOfArgumentGroupIsDescribed() {
    record Filter(@Nullable String namePart) {}
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_things_list", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things")
      JsonNode list(Filter filter);
    }
    assertRefused(
        Example.class, "Argument 'name_part' of " + method(Example.class) + " needs @Arg");
  }

  @ParameterizedTest
  @ValueSource(classes = {TakesMap.class, TakesArray.class, TakesShort.class, TakesObject.class})
  void typeOfArgumentIsSupported(Class<?> example) {
    assertRefused(
        example,
        "Unsupported argument type %s in %s"
            .formatted(method(example).getGenericParameterTypes()[0], method(example)));
  }

  @ToolGroup(id = "things", description = "d")
  private interface TakesMap {
    @Tool(name = "clerk_thing_create", title = "t", effect = READ)
    @Description("d")
    @Route("POST /things")
    JsonNode create(@Arg("d") Map<String, String> names);
  }

  @ToolGroup(id = "things", description = "d")
  private interface TakesArray {
    @Tool(name = "clerk_thing_create", title = "t", effect = READ)
    @Description("d")
    @Route("POST /things")
    JsonNode create(@Arg("d") String[] names);
  }

  @ToolGroup(id = "things", description = "d")
  private interface TakesShort {
    @Tool(name = "clerk_thing_create", title = "t", effect = READ)
    @Description("d")
    @Route("POST /things")
    JsonNode create(@Arg("d") short number);
  }

  @ToolGroup(id = "things", description = "d")
  private interface TakesObject {
    @Tool(name = "clerk_thing_create", title = "t", effect = READ)
    @Description("d")
    @Route("POST /things")
    JsonNode create(@Arg("d") Object anything);
  }

  @Test
  void pathVariableIsArgument() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things/{thing_id}")
      JsonNode get(@Arg("d") String id);
    }
    assertRefused(
        Example.class,
        "{thing_id} in the @Route of "
            + method(Example.class)
            + " is neither required nor inferred");
  }

  @Test
  void pathVariableIsRequired() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things/{thing_id}")
      JsonNode get(@Arg("d") @Nullable String thingId);
    }
    assertRefused(
        Example.class,
        "{thing_id} in the @Route of "
            + method(Example.class)
            + " is neither required nor inferred");
  }

  @Test
  void routeIsWellFormed() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET things")
      JsonNode get();
    }
    assertRefused(
        Example.class,
        method(Example.class) + ": Route 'GET things' is not of the form METHOD /path/{variable}");
  }

  @Test
  void answerIsJsonOrListing() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things")
      ObjectNode get();
    }
    assertRefused(Example.class, method(Example.class) + " must return JsonNode or ListPage");
  }

  @Test
  void toolNamesAreUnique() {
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things")
      JsonNode get();

      @Tool(name = "clerk_thing_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things/first")
      JsonNode getFirst();
    }
    assertRefused(Example.class, "Two tools are named clerk_thing_get");
  }

  @ParameterizedTest
  @ValueSource(classes = {AliasOfOther.class, AliasOfItself.class, AliasTwice.class})
  void aliasIsNotAnotherToolsName(Class<?> example) {
    registry.addEndpoints(example);
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.build(ClerkInstances.of(clerk.client()), Interceptors.none()))
        .withMessage("Two tools are named clerk_thing_find");
  }

  @ToolGroup(id = "things", description = "d")
  private interface AliasOfOther {
    @Tool(name = "clerk_thing_get", title = "t", effect = READ, aliases = "clerk_thing_find")
    @Description("d")
    @Route("GET /things")
    JsonNode get();

    @Tool(name = "clerk_thing_find", title = "t", effect = READ)
    @Description("d")
    @Route("GET /things")
    JsonNode find();
  }

  @ToolGroup(id = "things", description = "d")
  private interface AliasOfItself {
    @Tool(name = "clerk_thing_find", title = "t", effect = READ, aliases = "clerk_thing_find")
    @Description("d")
    @Route("GET /things")
    JsonNode find();
  }

  @ToolGroup(id = "things", description = "d")
  private interface AliasTwice {
    @Tool(name = "clerk_thing_get", title = "t", effect = READ, aliases = "clerk_thing_find")
    @Description("d")
    @Route("GET /things")
    JsonNode get();

    @Tool(name = "clerk_thing_read", title = "t", effect = READ, aliases = "clerk_thing_find")
    @Description("d")
    @Route("GET /things")
    JsonNode read();
  }

  @Test
  void argumentNamesAreUnique() {
    record Filter(@Arg("d") @Nullable String thingName) {}
    @ToolGroup(id = "things", description = "d")
    interface Example {
      @Tool(name = "clerk_things_list", title = "t", effect = READ)
      @Description("d")
      @Route("GET /things")
      JsonNode list(@Arg("d") @Nullable String thingName, Filter filter);
    }
    assertRefused(Example.class, "Two arguments are named thing_name");
  }

  @ToolGroup(id = "things", description = "d")
  interface Internal {
    @InternalEndpoint(READ)
    @Route("GET /things/{thing_id}")
    JsonNode get(@Arg("d") String thingId, @Arg("d") @Nullable List<String> part);
  }

  /** A tool that calls an internal endpoint. */
  @ToolGroup(id = "things")
  public static final class UsesInternal {
    private final Internal things;

    public UsesInternal(Internal things) {
      this.things = things;
    }

    @Tool(name = "clerk_things_use", title = "Use things", effect = READ)
    @Description("d")
    public JsonNode use() {
      things.get("a b", List.of("x", "y"));
      return things.get("c", null);
    }
  }

  @Test
  void internalEndpointIsServedButNoTool() {
    registry.addEndpoints(Internal.class);
    assertThat(registry.tools()).isEmpty();
    registry.addComposed(UsesInternal.class);
    ToolRegistry built = registry.build(ClerkInstances.of(clerk.client()), Interceptors.none());
    ToolDefinition tool = Objects.requireNonNull(built.find("clerk_things_use"));
    assertThat(built.call(tool, Json.object(), Invocation.current()).json()).isEqualTo("{}");
    assertThat(clerk.requests())
        .containsExactly("GET /things/a%20b?part=x&part=y", "GET /things/c");
  }

  private void assertRefusedSaying(Class<?> example, String part) {
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.addEndpoints(example))
        .withMessageContaining(part);
  }

  private void assertRefused(Class<?> example, String message) {
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.addEndpoints(example))
        .withMessage(message);
  }

  @Test
  void interfaceMethodHasNoBody() {
    @ToolGroup(id = "g", description = "d")
    interface Example {
      @Tool(name = "clerk_x_get", title = "t", effect = READ)
      @Description("d")
      default JsonNode get() {
        return Json.object();
      }
    }
    assertRefusedSaying(Example.class, "Example.get() has a body and belongs in a class");
  }

  @Test
  void pathVariableIsStringAndOccursOnce() {
    @ToolGroup(id = "g", description = "d")
    interface Several {
      @Tool(name = "clerk_x_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /x/{id}")
      JsonNode get(@Arg("d") List<String> id);
    }
    assertRefusedSaying(
        Several.class, "Several.get(java.util.List) is neither a String nor an enum");
    @ToolGroup(id = "g", description = "d")
    interface Twice {
      @Tool(name = "clerk_x_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /x/{id}/y/{id}")
      JsonNode get(@Arg("d") String id);
    }
    assertRefusedSaying(Twice.class, "Twice.get(java.lang.String) repeats a variable");
  }

  @Test
  void argumentThatTheRouteSetsIsRefused() {
    @ToolGroup(id = "g", description = "d")
    interface Example {
      @Tool(name = "clerk_x_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /x?limit=1")
      JsonNode get(@Arg("d") int limit);
    }
    assertRefusedSaying(Example.class, "limit is both in the @Route and an argument of ");
  }

  @Test
  void bodyArgumentIsAloneInRequestThatHasBody() {
    @ToolGroup(id = "g", description = "d")
    interface InQuery {
      @Tool(name = "clerk_x_get", title = "t", effect = READ)
      @Description("d")
      @Route("GET /x")
      JsonNode get(@Body @Arg("d") List<String> all);
    }
    assertRefusedSaying(InQuery.class, "InQuery.get(java.util.List) needs a request with a body");
    @ToolGroup(id = "g", description = "d")
    interface NotAlone {
      @Tool(name = "clerk_x_get", title = "t", effect = READ)
      @Description("d")
      @Route("POST /x")
      JsonNode get(@Body @Arg("d") List<String> all, @Arg("d") String other);
    }
    assertRefusedSaying(NotAlone.class, " is not alone in the body");
  }

  private static Method method(Class<?> example) {
    return example.getDeclaredMethods()[0];
  }
}
