"""What is ready in the process that ``forked`` forks from: imported there, and nowhere else."""

import api.__main__  # noqa: F401 - loaded, as the rest
from api.app import create_app
from api.desk.rendering import Renderer
from api.settings import Settings

# Nothing connects: this makes what is the same for all of a process, and stays.
create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
for environment in Renderer()._environments.values():
    for template in environment.list_templates(extensions=["html"]):
        environment.get_template(template)
