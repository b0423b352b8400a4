"""# 消息 · Tell officers what waits for them

One digest a working day for every account of the desk, by mail, enterprise chat or webhook; on paper for whoever has no
address.

* **What arrives** nothing here: the run looks at the standing publication and at the journal of what people did.
* **When** each hour from half past eight to half past five in Shanghai: the first run of a day writes the digests, the
  others send again what could not be sent. The DAG is paused until somebody switches it on: a site whose
  Airflow runs all the time wants it.
* **Produces** rows of the journal's table `outbox`, one an account and day, and the messages themselves. They count
  and name towns and villages, and nobody. `outbox/notices/<day>.xlsx` is to be printed: what nobody got by a message.
* **When it fails** a message was given up after eight tries, or something late has gone up to a district where nobody
  may sign in; both stand on the day's list. What was not sent before that waits for the next hour, always under the
  same name.
"""

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.wiring import ONE_AT_A_TIME
from include import pipeline
from include.privacy import DoudiError
from include.settings import Settings


@dag(
    schedule=CronTriggerTimetable("30 8-17 * * *", timezone="Asia/Shanghai"),
    doc_md=__doc__,
    tags=["watch"],
    is_paused_upon_creation=True,
    **ONE_AT_A_TIME,
)
def notify_officers() -> None:
    """Write the day's digests and send what waits."""

    @task
    def tell() -> None:
        """Fails where a message reached nobody, so that somebody looks at the address and at the list on paper."""
        sent = pipeline.notify(Settings.from_environment())
        if sent.given_up:
            raise DoudiError(
                f"{sent.given_up} 条消息未能送出，见 outbox/notices 中当日的打印清单",
                f"{sent.given_up} messages reached nobody; they stand on the day's list in outbox/notices",
            )

    tell()


notify_officers()
