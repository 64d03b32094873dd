"""The use cases, and where each is exposed. A new one has to be added here, with its command."""

from __future__ import annotations

import ast
from pathlib import Path

import mobimem.service
from mobimem.cli.reference import commands

SERVICE = Path(mobimem.service.__file__).parent

# module.function -> the commands that offer it
USE_CASES = {
    "debug.bisect_runs": ["replay bisect"],
    "debug.debug_on": ["replay step", "replay run"],
    "debug.debug_on_device": ["replay step", "replay run"],
    "debug.debug_on_record": ["replay step", "replay run"],
    "debug.diff_traces": ["replay diff"],
    "debug.export_task": ["replay export"],
    "debug.prune_trace": ["replay prune"],
    "debug.redact_trace": ["replay redact"],
    "debug.report_trace": ["replay report"],
    "debug.tell_trace": ["replay show"],
    "debug.write_export": ["replay export"],
    "demo.run_demo": ["demo"],
    "devices.list_devices": ["devices"],
    "doctor.examine": ["doctor"],
    "doctor.accept": ["doctor"],
    "lessons.cut_off_lessons": ["replay list", "replay show"],
    "lessons.discard_lesson": ["replay discard"],
    "lessons.keep_lesson": ["replay keep"],
    "lessons.show_lesson": ["replay show"],
    "phone.running_phone": ["phone"],
    "extraction.extract_statements": ["memory extract"],
    "importing.import_on": ["replay import"],
    "importing.import_task": ["replay import"],
    "importing.read_import": ["replay import"],
    "memories.list_memories": ["memory list"],
    "memories.show_memory": ["memory show"],
    "memories.search_memories": ["memory search"],
    "memories.explain_memory": ["memory explain"],
    "memories.remember": ["memory remember"],
    "memories.forget": ["memory forget"],
    "memories.export_memory": ["memory export"],
    "memories.import_memory": ["memory import"],
    "memories.memory_stats": ["memory stats"],
    "memories.rebuild_index": ["memory rebuild-index"],
    "memories.verify_memory": ["memory verify"],
    "replies.list_replies": ["memory replies"],
    "replies.clear_replies": ["memory replies"],
    "setup.set_up": ["setup"],
    "pending.list_pending": ["replay pending", "do", "replay run"],
    "pending.answer_question": ["answer", "do", "replay run"],
    "policy.show_policy": ["policy show"],
    "policy.list_asks": ["replay pending"],
    "policy.answer_ask": ["answer", "approve"],
    "policy.revoke_yes": ["policy revoke"],
    "policy.read_audit": ["policy audit"],
    "questions.list_questions": ["tasks list"],
    "questions.answer_waiting": ["answer", "approve"],
    "tasks.list_tasks": ["tasks list"],
    "unfinished.list_unfinished": ["tasks list"],
    "unfinished.unfinished_like": ["do"],
    "unfinished.take_up": ["tasks resume"],
    "unfinished.discard_task": ["tasks discard"],
    "agent.resume_run": ["tasks resume", "do"],
    "recipes.list_recipes": ["replay list"],
    "recipes.show_recipe": ["replay show"],
    "recipes.verify": ["replay verify"],
    "recipes.dry_run_recipe": ["replay run"],
    "recipes.named_task": ["do", "replay run"],
    "recall.recall_words": ["do"],
    "recall.recall_reading": ["do"],
    "recall.tasks_for": ["do"],
    "learning.learn_run": ["do"],
    "learning.learn_taught": ["teach", "do"],
    "repairs.list_repairs": ["replay repairs list"],
    "repairs.show_repair": ["replay repairs show"],
    "repairs.accept_repair": ["replay repairs accept"],
    "repairs.revert_repair": ["replay repairs revert"],
    "replay.run_task": ["do", "replay run"],
    "agent.run_order": ["do"],
    "plans.making.known_plan": ["do"],
    "plans.making.model_plan": ["do"],
    "plans.doing.run_plan": ["do"],
    "plans.doing.resume_plan": ["tasks resume", "do"],
    "plans.taking_up.list_plans": ["tasks list"],
    "plans.taking_up.plan_like": ["do"],
    "plans.taking_up.take_up_plan": ["tasks resume", "do"],
    "plans.taking_up.discard_plan": ["tasks discard", "do"],
    "orders.orders_for": ["do"],
    "orders.known_of": ["do"],
    "stats.total": ["stats"],
    "secrets.add_secret": ["secrets add"],
    "secrets.list_secrets": ["secrets list"],
    "secrets.remove_secret": ["secrets remove"],
    "stop.stop_all": ["stop"],
    "teach.teach": ["teach"],
}

# What use cases are made of; offers none itself.
PARTS = {
    "beginnings",
    "finger",
    "agent_learning",
    "runs",
    "plans.attempts",
    "plans.calls",
    "plans.kept",
    "plans.lesson",
    "plans.standing",
}


def functions(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}


def test_every_use_case_is_exposed_by_commands_that_exist() -> None:
    known = {path.removeprefix("mobimem ") for path, _ in commands()}

    for case, offered in USE_CASES.items():
        module, _, function = case.rpartition(".")
        assert function in functions(SERVICE / f"{module.replace('.', '/')}.py"), case
        assert set(offered) <= known, case


def test_every_command_offers_a_use_case_or_an_evaluation() -> None:
    offered = {command for commands_ in USE_CASES.values() for command in commands_}

    for path, _ in commands():
        words = path.removeprefix("mobimem ")
        assert words in offered or words.startswith("eval "), words


def test_every_module_of_the_service_offers_a_use_case_or_is_listed_as_a_part() -> None:
    files = (module.relative_to(SERVICE).with_suffix("") for module in SERVICE.rglob("[a-z]*.py"))
    modules = {".".join(file.parts) for file in files}

    assert modules == {case.rpartition(".")[0] for case in USE_CASES} | PARTS
