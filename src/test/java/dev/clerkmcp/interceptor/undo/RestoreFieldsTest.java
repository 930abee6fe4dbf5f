package dev.clerkmcp.interceptor.undo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.DeepMerge;
import dev.clerkmcp.json.Json;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests that merging the restored fields brings back the former metadata. */
final class RestoreFieldsTest {
  private final Random random = new Random(7);

  @Test
  void mergingBackRestoresTheMetadata() {
    for (int i = 0; i < 2_000; i++) {
      ObjectNode before = some(3, false);
      ObjectNode given = some(3, true);
      ObjectNode after = DeepMerge.of(before, given);
      ObjectNode back = RestoreFields.mergeBack(before, given);
      assertThat(DeepMerge.of(after, back)).as("%s %s %s", before, given, back).isEqualTo(before);
      assertThat(back.isEmpty()).isEqualTo(after.equals(before));
    }
  }

  /** A few keys, so that they often collide; Clerk stores no nulls. */
  private ObjectNode some(int depth, boolean nulls) {
    ObjectNode object = Json.object();
    for (String key : new String[] {"a", "b", "c"}) {
      switch (random.nextInt(6)) {
        case 0 -> object.put(key, random.nextInt(2));
        case 1 -> object.putArray(key).add(random.nextInt(2));
        case 2, 3 -> object.set(key, depth == 0 ? Json.object() : some(depth - 1, nulls));
        case 4 -> object.set(key, nulls ? object.nullNode() : object.textNode("x"));
        default -> object.remove(key);
      }
    }
    return object;
  }
}
