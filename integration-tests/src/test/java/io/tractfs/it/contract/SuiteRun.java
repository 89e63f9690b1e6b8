package io.tractfs.it.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * What came of the tests of one class. Immutable.
 *
 * @param succeeded how many succeeded
 * @param skipped methods of those that did not run to their end, by an assumption of theirs or an annotation
 * @param failures what failed, with traces; empty if nothing did
 */
record SuiteRun(long succeeded, Set<String> skipped, String failures) {
    private static final int TRACE_LINES = 20;

    /** Runs the tests of a class that is nested in another. */
    static SuiteRun of(Class<?> suite, Class<?> tests) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        Skipped skipped = new Skipped();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectNestedClass(List.of(suite), tests))
                                .build(),
                        summary,
                        skipped);
        StringWriter failures = new StringWriter();
        if (summary.getSummary().getTotalFailureCount() > 0) {
            summary.getSummary().printFailuresTo(new PrintWriter(failures), TRACE_LINES);
        }
        return new SuiteRun(summary.getSummary().getTestsSucceededCount(), skipped.methods, failures.toString());
    }

    /** Notes names. Confined to the thread that runs the tests. */
    private static final class Skipped implements TestExecutionListener {
        private final Set<String> methods = new TreeSet<>();

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            note(test);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                note(test);
            }
        }

        private void note(TestIdentifier test) {
            String name = test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(source -> ((MethodSource) source).getMethodName())
                    .orElseGet(test::getDisplayName);
            methods.add(name);
        }
    }
}
