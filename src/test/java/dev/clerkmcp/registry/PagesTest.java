package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how lists are read to the end, and what ends reading earlier. */
final class PagesTest {
  private static final String CUT =
      "Clerk repeated a page of a list, so only the first %s rows of it were read; there may be"
          + " more.";

  private final List<PageRequest> requests = new ArrayList<>();

  @Test
  void allPagesAreRead() {
    List<JsonNode> rows = Pages.all(list(1234));
    assertThat(rows).hasSize(1234).doesNotHaveDuplicates();
    assertThat(requests)
        .containsExactly(
            new PageRequest(500, null), new PageRequest(500, 500L), new PageRequest(500, 1000L));
  }

  /** With a total, the other pages are read at the same time; without, one after the other. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allPagesAfterTheFirstAreRead(boolean withTotal) {
    Function<PageRequest, ListPage> list =
        page -> {
          ListPage read = list(1234).apply(page);
          return withTotal ? read : new ListPage(read.data(), null, read.next());
        };
    ListPage first = list.apply(PageRequest.first(Pages.LARGEST));
    assertThat(Pages.allFrom(first, list)).hasSize(1234).doesNotHaveDuplicates();
    assertThat(requests)
        .containsExactly(
            new PageRequest(500, null), new PageRequest(500, 500L), new PageRequest(500, 1000L));
  }

  /** As a list does that ignores the offset: what is missing must not look complete. */
  @Test
  void listThatIsCutIsNoted() {
    Function<PageRequest, ListPage> list =
        page -> new ListPage(rows(0, 3), 9L, Json.object().put("offset", 3));
    assertThat(notes(() -> Pages.all(list))).containsExactly(CUT.formatted(3));
    assertThat(notes(() -> Pages.allFrom(list.apply(PageRequest.first(3)), list)))
        .containsExactly(CUT.formatted(3));
    assertThat(
            notes(
                () -> {
                  Pages.forEach("users", list, row -> true);
                  return true;
                }))
        .containsExactly(CUT.formatted(3));
    assertThat(notes(() -> Pages.all(list(1234)))).isEmpty();
  }

  @Test
  void pagesWithoutNewRowsEndAll() {
    int[] pages = {0};
    Function<PageRequest, ListPage> list =
        page -> {
          assertThat(++pages[0]).as("pages").isEqualTo(1);
          ArrayNode rows = Json.array();
          rows.addObject().put("name", "x");
          return new ListPage(rows, null, Json.object().put("offset", 1));
        };
    assertThat(Pages.all(list)).isEmpty();
  }

  private static List<String> notes(Supplier<?> read) {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    Object unused = invocation.run(read::get);
    return invocation.notes();
  }

  @Test
  void emptyPageIsTheLast() {
    assertThat(Pages.all(page -> ListPage.of(Json.array(), 10, 0))).isEmpty();
  }

  /** A list that ignores the offset answers so, with and without a total. */
  @Test
  void samePageAgainEndsReading() {
    List<String> read = new ArrayList<>();
    for (Long total : new Long[] {null, 1_000_000L}) {
      read.clear();
      int[] pages = {0};
      Pages.End end =
          Pages.read(
              null,
              next -> {
                assertThat(++pages[0]).as("pages").isLessThanOrEqualTo(2);
                return new ListPage(rows(0, 3), total, Json.object().put("offset", 3));
              },
              page -> read.addAll(ids(page)));
      assertThat(end).isEqualTo(Pages.End.SAME_PAGE);
      assertThat(read).containsExactly("id_0", "id_1", "id_2");
    }
  }

  /** The last sign-in of a user may change between two requests. */
  @Test
  void samePageWithChangedFieldsEndsReading() {
    int[] pages = {0};
    Pages.End end =
        Pages.read(
            null,
            next -> {
              assertThat(++pages[0]).as("pages").isLessThanOrEqualTo(2);
              ArrayNode rows = rows(0, 3);
              ((ObjectNode) rows.get(0)).put("last_sign_in_at", pages[0]);
              return new ListPage(rows, null, Json.object().put("offset", 3));
            },
            page -> true);
    assertThat(end).isEqualTo(Pages.End.SAME_PAGE);
  }

  /** Rows that are added in front push all rows of the last page onto the one before. */
  @Test
  void lastPageWithNothingNewIsTheLast() {
    List<String> read = new ArrayList<>();
    Pages.End end =
        Pages.read(
            null,
            next -> next.isEmpty() ? ListPage.of(rows(0, 3), 4, 0) : ListPage.of(rows(1, 3), 5, 3),
            page -> read.addAll(ids(page)));
    assertThat(end).isEqualTo(Pages.End.LAST_PAGE);
    assertThat(read).containsExactly("id_0", "id_1", "id_2");
  }

  @Test
  void equalRowsWithoutIdsAreDifferentRows() {
    int[] pages = {0};
    Pages.End end =
        Pages.read(
            null,
            next -> {
              ArrayNode rows = Json.array();
              rows.addObject().put("name", "x");
              return new ListPage(rows, 3L, ++pages[0] < 3 ? Json.object() : null);
            },
            page -> true);
    assertThat(end).isEqualTo(Pages.End.LAST_PAGE);
    assertThat(pages[0]).isEqualTo(3);
  }

  @Test
  void readerCanEndReading() {
    List<String> read = new ArrayList<>();
    Pages.forEach(
        "users",
        list(2000),
        row -> {
          read.add(row.path("id").asText());
          return read.size() < 600;
        });
    assertThat(read).hasSize(600);
    assertThat(requests).hasSize(2);
  }

  @Test
  void lastPageIsReportedEvenIfTheReaderEnds() {
    Pages.Source source = next -> list(3).apply(new PageRequest(500, null));
    assertThat(Pages.read(null, source, page -> false)).isEqualTo(Pages.End.LAST_PAGE);
    Pages.Source more = next -> list(501).apply(new PageRequest(500, null));
    assertThat(Pages.read(null, more, page -> false)).isEqualTo(Pages.End.ENOUGH);
  }

  /** A row that is added in front meanwhile moves one that was read onto the next page. */
  @Test
  void rowOnTwoPagesIsUsedOnce() {
    List<String> read = new ArrayList<>();
    Pages.forEach(
        "users",
        page -> {
          long offset = page.offset() == null ? 0 : page.offset();
          return offset == 0 ? ListPage.of(rows(0, 3), 5, 0) : ListPage.of(rows(2, 5), 6, 3);
        },
        row -> read.add(row.path("id").asText()));
    assertThat(read).containsExactly("id_0", "id_1", "id_2", "id_3", "id_4");
  }

  @Test
  void allOmitsRowsWithoutOrWithRepeatedId() {
    ArrayNode rows = rows(0, 2);
    rows.addObject().put("name", "x");
    rows.addObject().put("id", "id_0");
    assertThat(Pages.all(page -> new ListPage(rows, null, null))).hasSize(2);
  }

  @Test
  void progressNamesTheTotal() {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    List<@Nullable String> told = new ArrayList<>();
    invocation.run(
        () -> {
          Function<PageRequest, ListPage> list = list(600);
          Pages.forEach(
              "users",
              page -> {
                told.add(invocation.waitingFor());
                return list.apply(page);
              },
              row -> true);
          return told.add(invocation.waitingFor());
        });
    assertThat(told).containsExactly(null, "Read 500 of 600 users", "Read 600 of 600 users");
  }

  @Test
  void cancellationEndsReading() {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    Function<PageRequest, ListPage> list = list(5000);
    assertThatThrownBy(
            () ->
                invocation.run(
                    () ->
                        Pages.all(
                            page -> {
                              invocation.cancel();
                              return list.apply(page);
                            })))
        .isInstanceOf(CancellationException.class);
    assertThat(requests).hasSize(1);
  }

  /** A list of this many rows in Clerk's pages. */
  private Function<PageRequest, ListPage> list(int total) {
    return page -> {
      requests.add(page);
      int from = page.offset() == null ? 0 : page.offset().intValue();
      int limit = page.limit() == null ? ListPage.DEFAULT_LIMIT : page.limit();
      return ListPage.of(rows(from, Math.min(total, from + limit)), total, from);
    };
  }

  private static ArrayNode rows(int from, int to) {
    ArrayNode rows = Json.array();
    IntStream.range(from, to).forEach(i -> rows.addObject().put("id", "id_" + i));
    return rows;
  }

  private static List<String> ids(ArrayNode rows) {
    return rows.valueStream().map(row -> row.path("id").asText()).toList();
  }
}
