"""Static files, each looked at when it is first asked for."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise looks at every file when a process starts; of the thousand pictures of the demo, few are asked for."""

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        self.directories.insert(0, (root, prefix))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path not in self.files and path.startswith(self.static_prefix) and not self.autorefresh:
            found = self.find_file(path)
            if found is not None:
                self.files[path] = found
        response: HttpResponse = super().__call__(request)
        return response
