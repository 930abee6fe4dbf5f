package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Arg;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tests that workflows are created on their first call with the dependencies of their constructor.
 */
final class WorkflowFactoryTest {
  private final ToolRegistryBuilder builder = new ToolRegistryBuilder();
  private final FakeClerk clerk = FakeClerk.answering("{\"id\":\"thing_1\"}");

  @ToolGroup(id = "things", description = "d")
  interface Things {
    @InternalEndpoint(Effect.READ)
    @Route("GET /things/{thing_id}")
    JsonNode get(@Arg("d") String thingId);
  }

  @ToolGroup(id = "things")
  public static final class Workflows {
    private final AtomicInteger made;
    private final Things things;

    public Workflows(AtomicInteger made, Things things) {
      this.made = made;
      this.things = things;
      made.incrementAndGet();
    }

    @Tool(name = "clerk_thing_look", title = "t", effect = Effect.READ)
    @Description("d")
    public JsonNode look() {
      return Json.object().put("made", made.get()).set("thing", things.get("1"));
    }
  }

  @ToolGroup(id = "things")
  static final class Hidden {
    public Hidden() {}
  }

  @ToolGroup(id = "things")
  public static final class Ambiguous {
    public Ambiguous() {}

    public Ambiguous(Things things) {}
  }

  @Test
  void workflowIsCreatedOnceOnItsFirstCall() {
    AtomicInteger made = new AtomicInteger();
    builder.addEndpoints(Things.class);
    builder.addComposed(Workflows.class, made);
    ToolRegistry registry = builder.build(ClerkInstances.of(clerk.client()), Interceptors.none());
    assertThat(made).hasValue(0);
    ToolDefinition tool = Objects.requireNonNull(registry.find("clerk_thing_look"));
    for (int i = 0; i < 2; i++) {
      assertThat(registry.call(tool, NullNode.getInstance(), Invocation.current()).json())
          .isEqualTo("{\"made\":1,\"thing\":{\"id\":\"thing_1\"}}");
    }
    assertThat(clerk.requests()).containsExactly("GET /things/1", "GET /things/1");
  }

  @Test
  void missingDependencyFailsTheStart() {
    builder.addEndpoints(Things.class);
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.addComposed(Workflows.class))
        .withMessage(
            "%s needs %s, which is not registered".formatted(Workflows.class, AtomicInteger.class));
  }

  @Test
  void classHasOnePublicConstructor() {
    builder.addEndpoints(Things.class);
    for (Class<?> type : new Class<?>[] {Hidden.class, Ambiguous.class}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> builder.addComposed(type))
          .withMessage(type + " must be public, and its only constructor as well");
    }
  }
}
